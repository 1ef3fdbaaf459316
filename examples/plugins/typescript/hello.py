"""What a plain Python program has of Shoal: its output is kept, and its exit code says how the run ended."""

import json
import os
import sys

with open(os.environ["SHOAL_CONFIG_FILE"], encoding="utf-8") as file:
    config = json.load(file)
print(f"hello {config.get('name', 'world')}, from {sys.prefix}, run {sys.argv[1]}")

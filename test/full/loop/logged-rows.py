"""Prints what the logging service has written: for each row its simulation, event id and event key, tab-separated.

    python logged-rows.py DIR
"""

import sys
from pathlib import Path

import pyarrow.parquet as parquet

COLUMNS = ["simulation_id", "event_id", "event_type_key"]

for file in sorted(Path(sys.argv[1]).glob("simulation_id=*/**/*.parquet")):
    for row in parquet.ParquetFile(file).read(columns=COLUMNS).to_pylist():
        print(*(row[column] for column in COLUMNS), sep="\t")

"""Prints, as JSON, the rows and the rejected messages that the logging service has written.

python parquet-rows.py DIR
"""

import json
import sys
from pathlib import Path

import pyarrow.parquet as parquet

root = Path(sys.argv[1])


def rows(pattern: str, binary: str) -> list[dict[str, object]]:
    """All rows of the files that match, their sequences in the file's order; the binary column in hexadecimal."""
    found = []
    for file in sorted(root.glob(pattern)):
        for row in parquet.ParquetFile(file).read().to_pylist():
            row = {**row, "file": str(file.relative_to(root)), binary: row[binary].hex()}
            found.append(
                {name: value if isinstance(value, str | int | list) else str(value) for name, value in row.items()}
            )
    return found


events = rows("simulation_id=*/date=*/part-*.parquet", "payload")
rejected = rows("_rejected/date=*/part-*.parquet", "data")
json.dump({"events": events, "rejected": rejected}, sys.stdout)

"""Snapshot files."""

import os
import re
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,127}")


def is_snapshot_name(name: str) -> bool:
    """Whether it is safe as the name of a file."""
    return NAME.fullmatch(name) is not None


def write_snapshot(folder: Path, name: str, data: bytes) -> str:
    """Complete under its name or not there at all; gives its place relative to the folder. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f".{name}.{os.getpid()}"
    try:
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(folder / name)
    finally:
        unfinished.unlink(missing_ok=True)
    return name

"""The output folder: files that are there as a whole or not at all, and that say which sequences they hold."""

import fcntl
import json
import os
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import pyarrow as pa
import pyarrow.parquet as pq

from shoal_sim.event_log.rows import Row
from shoal_sim.event_log.sequence_set import SequenceSet

_PART = re.compile(r"part-(\d+)-(\d+)\.parquet")
_TEMPORARY_SUFFIX = ".writing"


class FolderError(Exception):
    """The output folder cannot be used; the message says why and what to do."""


class PartFolder:
    """
    Holds the lock of the folder from `__enter__` to `__exit__`; only one process writes into a folder.

    A part is written under a hidden temporary name, synced, and renamed: after a crash at any point each part is
    complete or absent, and `sequences_after` tells from the parts alone which messages are kept.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        # Partitions whose folders are durable, all those that they are entered in too.
        self._durable: set[str] = set()
        self._lock: int | None = None

    def __enter__(self) -> Self:
        self._folder.mkdir(parents=True, exist_ok=True)
        lock = os.open(self._folder / ".lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            raise FolderError(
                f"{self._folder} is in use by another event log: stop it, or name another folder with --out"
            ) from None
        self._lock = lock
        for leftover in self._folder.rglob(f".*{_TEMPORARY_SUFFIX}"):
            leftover.unlink()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def belongs_to(self, stream: str, created: str) -> None:
        """
        Ties the folder to one stream, for sequences mean something only within it.

        Raises FolderError when the folder was written from another stream, or from an earlier one of that name.
        """
        file = self._folder / "_stream.json"
        told = {"stream": stream, "created": created}
        if not file.exists():
            _replace(file, json.dumps(told).encode())
        elif (kept := json.loads(file.read_text())) != told:
            raise FolderError(
                f"{self._folder} holds events of stream {kept.get('stream')}, created {kept.get('created')}; "
                f"this is stream {stream}, created {created}: name another folder with --out"
            )

    def sequences_after(self, floor: int) -> SequenceSet:
        """Which of the sequences above `floor` are kept, rejected ones included."""
        kept = SequenceSet()
        for file, last in self._parts():
            if last <= floor:
                continue
            try:
                kept.add(pq.read_table(file, columns=["sequence"], partitioning=None)["sequence"].to_pylist())
            except (OSError, pa.ArrowException) as error:
                raise FolderError(f"{file} cannot be read, move it away to have its events again: {error}") from error
        kept.discard_up_to(floor)
        return kept

    def write(self, rows: Iterable[Row]) -> int:
        """Makes the rows durable, a part for each partition; returns how many. No sequence may be kept already."""
        partitions: defaultdict[str, list[Row]] = defaultdict(list)
        for row in rows:
            partitions[row.partition].append(row)
        for name, of_partition in partitions.items():
            of_partition.sort(key=lambda row: row.sequence)
            self._make(name)
            _write_part(self._folder / name, of_partition)
        return len(partitions)

    def _parts(self) -> Iterator[tuple[Path, int]]:
        for file in self._folder.rglob("part-*.parquet"):
            if match := _PART.fullmatch(file.name):
                yield file, int(match[2])

    def _make(self, partition: str) -> None:
        """Creates its folder, and syncs all that it is entered in, up to the one where the output folder is entered."""
        if partition in self._durable:
            return
        top = self._folder.resolve()
        folder = top / partition
        # Whoever made one that is there already may have been killed before it was synced.
        folder.mkdir(parents=True, exist_ok=True)
        while folder != top.parent:
            folder = folder.parent
            _sync_folder(folder)
        self._durable.add(partition)


def _write_part(folder: Path, rows: list[Row]) -> None:
    schema = rows[0].schema
    columns = [pa.array([row.values[at] for row in rows], field.type) for at, field in enumerate(schema)]
    name = f"part-{rows[0].sequence:012d}-{rows[-1].sequence:012d}.parquet"
    temporary = folder / f".{name}{_TEMPORARY_SUFFIX}"
    with temporary.open("wb") as file:
        pq.write_table(pa.Table.from_arrays(columns, schema=schema), file, compression="zstd")
        file.flush()
        os.fsync(file.fileno())
    temporary.rename(folder / name)
    _sync_folder(folder)


def _replace(file: Path, content: bytes) -> None:
    temporary = file.with_name(f".{file.name}{_TEMPORARY_SUFFIX}")
    with temporary.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    temporary.rename(file)
    _sync_folder(file.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

from pathlib import Path

import pyarrow.dataset as ds
import pytest

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim.event_log import part_folder
from shoal_sim.event_log.part_folder import FolderError, PartFolder
from shoal_sim.event_log.rows import LoggedMessage, Row, row_of

DAY_NS = 86_400_000_000_000


def row(sequence: int, simulation_id: str = "a", day: int = 0) -> Row:
    event = GenericEventRequest(
        event_id=f"e-{sequence}",
        event_type_key="sim.x.v1",
        simulation_id=simulation_id,
        attributes={"tick": str(sequence)},
    )
    return row_of(LoggedMessage(sequence, day * DAY_NS, "logging.events.raw", "r", event.SerializeToString()))


def broken(sequence: int) -> Row:
    return row_of(LoggedMessage(sequence, 0, "logging.events.raw", "r", b"\xff"))


def files(folder: Path) -> list[str]:
    return sorted(str(it.relative_to(folder)) for it in folder.rglob("*.parquet"))


def test_parts_are_divided_by_simulation_and_day_and_named_by_their_sequences(tmp_path: Path) -> None:
    with PartFolder(tmp_path) as folder:
        assert folder.write([row(9), row(3), row(4, "b"), row(5, day=1), broken(6)]) == 4
        assert folder.sequences_after(0).runs() == [(3, 6), (9, 9)]
        assert folder.sequences_after(4).runs() == [(5, 6), (9, 9)]
    assert files(tmp_path) == [
        "_rejected/date=1970-01-01/part-000000000006-000000000006.parquet",
        "simulation_id=a/date=1970-01-01/part-000000000003-000000000009.parquet",
        "simulation_id=a/date=1970-01-02/part-000000000005-000000000005.parquet",
        "simulation_id=b/date=1970-01-01/part-000000000004-000000000004.parquet",
    ]


def test_the_folder_reads_as_one_partitioned_dataset_without_the_rejected(tmp_path: Path) -> None:
    with PartFolder(tmp_path) as folder:
        folder.write([row(1), row(2, "b"), broken(3)])
    table = ds.dataset(tmp_path, format="parquet", partitioning="hive").to_table().sort_by("sequence")
    assert table["event_id"].to_pylist() == ["e-1", "e-2"]
    assert table["simulation_id"].to_pylist() == ["a", "b"]
    assert table["attributes"].to_pylist() == [[("tick", "1")], [("tick", "2")]]


def test_what_a_kill_left_half_written_is_removed_and_does_not_count(tmp_path: Path) -> None:
    with PartFolder(tmp_path) as folder:
        folder.write([row(1)])
    leftover = tmp_path / "simulation_id=a" / "date=1970-01-01" / ".part-000000000002-000000000002.parquet.writing"
    leftover.write_bytes(b"PAR1")
    with PartFolder(tmp_path) as folder:
        assert not leftover.exists()
        assert folder.sequences_after(0).runs() == [(1, 1)]


def test_the_folders_of_a_partition_are_synced_also_when_they_were_there_but_only_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[Path] = []
    monkeypatch.setattr(part_folder, "_sync_folder", synced.append)
    out = tmp_path / "out"
    date = out / "simulation_id=a" / "date=1970-01-01"
    date.mkdir(parents=True)
    with PartFolder(out) as folder:
        folder.write([row(1)])
        assert synced == [date.parent, out, tmp_path, date]
        folder.write([row(2)])
        assert synced[4:] == [date]


def test_a_second_process_over_the_same_folder_is_refused(tmp_path: Path) -> None:
    with PartFolder(tmp_path), pytest.raises(FolderError, match="in use"), PartFolder(tmp_path):
        pass
    with PartFolder(tmp_path) as folder:
        assert len(folder.sequences_after(0)) == 0


def test_a_folder_belongs_to_one_stream(tmp_path: Path) -> None:
    with PartFolder(tmp_path) as folder:
        folder.belongs_to("LOG", "monday")
        folder.belongs_to("LOG", "monday")
        for other in (("LOG", "tuesday"), ("OTHER", "monday")):
            with pytest.raises(FolderError, match="another folder"):
                folder.belongs_to(*other)


def test_a_part_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    with PartFolder(tmp_path) as folder:
        folder.write([row(1)])
        [name] = files(tmp_path)
        (tmp_path / name).write_bytes(b"damaged")
        with pytest.raises(FolderError, match=r"part-000000000001-000000000001\.parquet"):
            folder.sequences_after(0)

import re
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Self

import grpc
import pytest
from fake_shoal import FakeShoal
from until import until

from shoal_sim.worker import ConfigError, Event, Run, Simulation, run_simulation


class Clock(Simulation):
    """Its payload is `seed:tick`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        if run.config.get("wrong"):
            raise ConfigError("wrong must not be given")

    @property
    def is_complete(self) -> bool:
        return self.tick >= 3

    def advance(self) -> None:
        """Nothing but the tick changes."""

    def events(self, timestamp_ns: int) -> Iterable[Event]:
        yield Event("clock.v1", f"{self.run.seed}:{self.tick}".encode(), timestamp_ns=timestamp_ns)

    def snapshot(self) -> bytes:
        return str(self.tick).encode()

    @classmethod
    def restore(cls, run: Run, snapshot: bytes) -> Self:
        if not snapshot.isdigit():
            raise ConfigError("not a snapshot of a clock")
        clock = cls(run)
        clock.tick = int(snapshot)
        return clock


def launched(monkeypatch: pytest.MonkeyPatch, shoal: FakeShoal, **more: str) -> int:
    """The exit code of a process with this environment."""
    for name, value in {**shoal.variables(), **more}.items():
        monkeypatch.setenv(name, value)
    return run_simulation(Clock, "clock/1.0")


def test_a_run_that_is_complete_exits_with_0(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeShoal() as shoal:
        assert launched(monkeypatch, shoal, SHOAL_SEED="7") == 0
        assert shoal.payloads() == [b"7:0", b"7:1", b"7:2", b"7:3"]
        assert list(shoal.registrations[0].supported_commands)[-1] == "snapshot"
        assert shoal.registrations[0].sdk == "clock/1.0"


def test_a_restored_run_reports_from_the_tick_after_its_snapshot_on(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "snapshot"
    file.write_bytes(b"2")
    with FakeShoal() as shoal:
        assert launched(monkeypatch, shoal, SHOAL_SEED="7", SHOAL_RESTORE_FILE=str(file)) == 0
        assert shoal.payloads() == [b"7:3"]


@pytest.mark.parametrize(
    ("variable", "content", "said"),
    [
        ("SHOAL_CONFIG_FILE", '{"wrong": 1}', "wrong must not be given"),
        ("SHOAL_CONFIG_FILE", "[1]", "must be a JSON object"),
        ("SHOAL_CONFIG_FILE", "{", "not JSON"),
        ("SHOAL_CONFIG_FILE", None, "cannot be read"),
        ("SHOAL_RESTORE_FILE", "x", "not a snapshot of a clock"),
        ("SHOAL_RESTORE_FILE", None, "cannot be read"),
    ],
)
def test_what_is_wrong_ends_it_with_78_before_it_registers_and_is_the_last_thing_it_says(
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    tmp_path: Path,
    variable: str,
    content: str | None,
    said: str,
) -> None:
    file = tmp_path / "given"
    if content is not None:
        file.write_text(content)
    with FakeShoal() as shoal:
        assert launched(monkeypatch, shoal, **{variable: str(file)}) == 78
        assert shoal.calls == []
    assert said in capfd.readouterr().err.strip().splitlines()[-1]


def test_a_run_without_a_seed_says_which_it_took(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with FakeShoal() as shoal:
        assert launched(monkeypatch, shoal) == 0
        [seed] = re.findall(r"^clock/1\.0: seed (\d+)$", capfd.readouterr().err, re.MULTILINE)
        assert shoal.payloads()[0] == f"{seed}:0".encode()


def test_a_simulation_without_snapshots_does_not_begin_from_one(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with FakeShoal() as shoal:
        for name, value in {**shoal.variables(), "SHOAL_RESTORE_FILE": __file__}.items():
            monkeypatch.setenv(name, value)
        assert run_simulation(Simulation, "bare/1.0") == 78
    assert "cannot begin from a snapshot" in capfd.readouterr().err


def test_a_worker_that_is_not_wanted_exits_with_69(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    with FakeShoal() as shoal:
        shoal.register_errors = [grpc.StatusCode.PERMISSION_DENIED]
        assert launched(monkeypatch, shoal) == 69
    assert "PERMISSION_DENIED" in capfd.readouterr().err


def test_a_worker_that_is_replaced_exits_with_69(monkeypatch: pytest.MonkeyPatch) -> None:
    with FakeShoal(desired_state="SIMULATION_STATE_PAUSED") as shoal:

        def replace() -> None:
            until("it reports", shoal.payloads)
            shoal.replace()

        threading.Thread(target=replace, daemon=True).start()
        assert launched(monkeypatch, shoal) == 69

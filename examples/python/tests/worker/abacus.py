"""A simulation that a test can reckon, driven in a thread."""

import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from fake_shoal import FakeShoal

from shoal_sim._proto.fes.orchestration.v1.command_pb2 import (
    CommandAck,
    StepCommand,
)
from shoal_sim.worker import (
    ActionError,
    ConfigError,
    Event,
    Run,
    RunConfig,
    Simulation,
    UnknownAgentError,
    Worker,
    WorkerLostError,
    WorkerOptions,
)
from shoal_sim.worker.driver import Driver, supported_commands

PAUSED = {"desired_state": "SIMULATION_STATE_PAUSED"}


class Abacus(Simulation):
    """Adds; the payload of its events is `tick:sum`."""

    def __init__(self, run: Run) -> None:
        super().__init__(run)
        if run.config.get("wrong"):
            raise ConfigError("wrong must not be given")
        self.sum = run.seed
        self.slow_s = float(run.config.get("slow_s", 0))

    @property
    def is_complete(self) -> bool:
        return self.tick == self.run.config.get("ticks")

    def advance(self) -> None:
        time.sleep(self.slow_s)
        self.sum += self.run.config.get("by", 1)

    def events(self, timestamp_ns: int) -> Iterable[Event]:
        yield Event("abacus.v1", f"{self.tick}:{self.sum}".encode(), timestamp_ns=timestamp_ns)

    def act(self, agent_id: str, action: bytes, content_type: str) -> None:
        if agent_id != "bead":
            raise UnknownAgentError(f"there is no {agent_id}")
        if not action.isdigit():
            raise ActionError("not a number")
        self.sum += int(action)

    def inject(self, payload: bytes, content_type: str) -> str:
        return "bead-2"

    def snapshot(self) -> bytes:
        return f"{self.tick}:{self.sum}".encode()

    @classmethod
    def restore(cls, run: Run, snapshot: bytes) -> Self:
        abacus = cls(run)
        abacus.tick, abacus.sum = (int(part) for part in snapshot.split(b":"))
        return abacus


@contextmanager
def driven(
    shoal: FakeShoal, seed: int = 0, snapshot_dir: Path | None = None, restored: bytes | None = None, **config: Any
) -> Iterator[threading.Thread]:
    """An Abacus that runs in a thread until the test is over; it is closed when its driver ends by itself."""
    environment = replace(shoal.environment(), snapshot_dir=snapshot_dir)
    options = WorkerOptions(supported_commands=supported_commands(Abacus), log=lambda _: None)
    worker = Worker(environment, RunConfig({}, b""), options).connect()

    def run() -> None:
        beginning = Run("sim-1", seed, config)
        with suppress(WorkerLostError):
            Driver(worker, Abacus(beginning) if restored is None else Abacus.restore(beginning, restored)).run()
            worker.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        worker.abandon()
        thread.join(10)


def step(shoal: FakeShoal, command_id: str, ticks: int) -> CommandAck:
    return shoal.control(command_id, "step", StepCommand(ticks=ticks).SerializeToString())

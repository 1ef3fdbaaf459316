"""A worker that is connected to a FakeShoal, and what it sends."""

from fake_shoal import FakeShoal

from shoal_sim.worker import Event, RunConfig, Worker, WorkerOptions

QUIET = {"log": lambda _: None}


def connected(shoal: FakeShoal, **more: object) -> Worker:
    environment = {name: more.pop(name) for name in ["orphan_timeout_s", "token"] if name in more}
    options = WorkerOptions(**{**QUIET, **more})  # type: ignore[arg-type]
    return Worker(shoal.environment(**environment), RunConfig({}, b""), options).connect()


def emit(worker: Worker, count: int, size: int = 1) -> list[str]:
    return [worker.emit(Event("test.event.v1", b"x" * size)).event_id for _ in range(count)]


def ids(shoal: FakeShoal) -> list[str]:
    return [event.event_id for event in shoal.events]

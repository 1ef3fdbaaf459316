"""Where a worker says it is."""

from enum import IntEnum


class WorkerState(IntEnum):
    """The states of the contract that a worker can be in or be asked to be in, with their numbers there."""

    RUNNING = 3
    PAUSED = 4
    STOPPING = 5
    COMPLETED = 6
    FAILED = 7
    STOPPED = 8


def worker_state(number: int) -> WorkerState | None:
    """None for states that are Shoal's own, such as STARTING."""
    try:
        return WorkerState(number)
    except ValueError:
        return None

"""What a simulation is to the driver that runs it under Shoal."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from .events import Event


class ConfigError(Exception):
    """The run's configuration is wrong; the message names all that is wrong with it."""


class ActionError(Exception):
    """What an agent, or whoever injects one, asked for cannot be done; the message says why."""


class UnknownAgentError(ActionError):
    """There is no such agent."""


@dataclass(frozen=True)
class Run:
    """What one beginning of a simulation depends on."""

    simulation_id: str = "local"
    seed: int = 0
    config: Mapping[str, Any] = field(default_factory=dict)


class Simulation:
    """Subclass it: one object is one run from tick 0 on; a reset makes a new one.

    The same run and the same calls must give the same events, but for `timestamp_ns`. It knows no clock and no Shoal,
    so that it can be tested, and learned from, without either. What a subclass does not override is not supported:
    the driver then refuses `snapshot`, `agent_action`, `inject_agent`.
    """

    # Until a set_speed says otherwise; 0: as fast as it can.
    ticks_per_second: float = 0

    def __init__(self, run: Run) -> None:
        """Raises ConfigError."""
        self.run = run
        self.tick = 0

    def step(self) -> None:
        """One tick."""
        self.tick += 1
        self.advance()

    def advance(self) -> None:
        """Makes the tick `self.tick` of the one before."""
        raise NotImplementedError

    def events(self, timestamp_ns: int) -> Iterable[Event]:
        """What to report of the world as it is, called at tick 0 and after each tick, with the time to put into
        payloads and events. Not called for the tick that a run was restored at: it was reported before.
        """
        raise NotImplementedError

    @property
    def is_complete(self) -> bool:
        """Whether there is nothing left to do; the run then ends with exit code 0."""
        return False

    def act(self, agent_id: str, action: bytes, content_type: str) -> None:
        """What this agent does in the next tick. Raises ActionError."""
        raise NotImplementedError

    def inject(self, payload: bytes, content_type: str) -> str:
        """Puts an agent into the world and gives its id. Raises ActionError."""
        raise NotImplementedError

    def snapshot(self) -> bytes:
        """All that `restore` needs to go on as this object would."""
        raise NotImplementedError

    @classmethod
    def restore(cls, run: Run, snapshot: bytes) -> Self:
        """Raises ConfigError when the snapshot cannot be read."""
        raise NotImplementedError

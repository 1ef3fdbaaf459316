"""The commands that a worker may be given, and how it answers them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, ClassVar

from .state import WorkerState


@dataclass(frozen=True)
class Pause:
    """Hold between two ticks."""

    name: ClassVar[str] = "pause"


@dataclass(frozen=True)
class Resume:
    """Go on."""

    name: ClassVar[str] = "resume"


@dataclass(frozen=True)
class Step:
    """Exactly this many ticks (at least 1), then be paused again; acknowledge after the last one."""

    name: ClassVar[str] = "step"
    ticks: int


@dataclass(frozen=True)
class Reset:
    """Back to tick 0, in the same state; None: with the seed or configuration that it has."""

    name: ClassVar[str] = "reset"
    seed: int | None
    config: dict[str, Any] | None


@dataclass(frozen=True)
class Stop:
    """End by yourself with exit code 0, within the grace."""

    name: ClassVar[str] = "stop"
    force: bool
    grace_s: float | None


@dataclass(frozen=True)
class SetSpeed:
    """0: as fast as it can."""

    name: ClassVar[str] = "set_speed"
    ticks_per_second: float


@dataclass(frozen=True)
class Snapshot:
    """Write a snapshot to `snapshot_dir`, renamed into place, and answer with its `snapshot_ref`. May have no name."""

    name: ClassVar[str] = "snapshot"
    snapshot_name: str


@dataclass(frozen=True)
class AgentAction:
    """What one agent does next."""

    name: ClassVar[str] = "agent_action"
    agent_id: str
    action: bytes
    content_type: str


@dataclass(frozen=True)
class InjectAgent:
    """A new agent."""

    name: ClassVar[str] = "inject_agent"
    payload: bytes
    content_type: str


@dataclass(frozen=True)
class Custom:
    """A command of the worker's own."""

    name: ClassVar[str] = "custom"
    key: str
    payload: bytes
    content_type: str


CommandContent = Pause | Resume | Step | Reset | Stop | SetSpeed | Snapshot | AgentAction | InjectAgent | Custom


class RefusalCode(IntEnum):
    """Why a command is refused: numbers of google.rpc.Code."""

    INVALID_ARGUMENT = 3
    NOT_FOUND = 5
    RESOURCE_EXHAUSTED = 8
    FAILED_PRECONDITION = 9
    UNIMPLEMENTED = 12
    INTERNAL = 13


@dataclass(frozen=True)
class Answer:
    """The answer to one command; None: the worker's own tick and state as of now."""

    ok: bool
    code: int = 0
    message: str = ""
    tick: int | None = None
    state: WorkerState | None = None
    result: bytes = b""
    result_content_type: str = ""
    snapshot_ref: str = ""


class Command:
    """A command with what it carries. Answer each one exactly once, from any thread."""

    def __init__(
        self, command_id: str, content: CommandContent, attributes: Mapping[str, str], answer: Callable[[Answer], None]
    ) -> None:
        # The same when Shoal sends the command again.
        self.id = command_id
        self.content = content
        self.attributes = attributes
        self._answer = answer
        self._answered = False

    @property
    def name(self) -> str:
        return self.content.name

    def acknowledge(
        self,
        message: str = "",
        *,
        tick: int | None = None,
        state: WorkerState | None = None,
        result: bytes = b"",
        result_content_type: str = "",
        snapshot_ref: str = "",
    ) -> None:
        """It is done. Raises ValueError when the result is larger than Shoal takes: then refuse it."""
        self._once(Answer(True, 0, message, tick, state, result, result_content_type, snapshot_ref))

    def refuse(self, message: str, code: RefusalCode = RefusalCode.FAILED_PRECONDITION) -> None:
        """It is not done and nothing changed; `message` tells people why."""
        self._once(Answer(False, code, message))

    def _once(self, answer: Answer) -> None:
        if self._answered:
            raise RuntimeError(f"command {self.id} has been answered already")
        self._answer(answer)
        self._answered = True

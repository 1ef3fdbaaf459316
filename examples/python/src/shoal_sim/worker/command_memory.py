"""What became of the commands seen."""

from collections import OrderedDict
from enum import Enum, auto


class Seen(Enum):
    """What is known of a command that has no answer yet."""

    NEW = auto()
    UNANSWERED = auto()


class CommandMemory:
    """So that a command sent again is answered again and not done again.

    Bounded: the oldest are forgotten. The bound must only outlast the orchestrator's resending, which ends with the
    command's own timeout.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        # In the order they were first seen; None while unanswered.
        self._answers: OrderedDict[str, bytes | None] = OrderedDict()

    def see(self, command_id: str) -> Seen | bytes:
        """Notes a command, and says what is known of it: its answer, if it has one."""
        if command_id in self._answers:
            return self._answers[command_id] or Seen.UNANSWERED
        self._answers[command_id] = None
        if len(self._answers) > self._capacity:
            self._answers.popitem(last=False)
        return Seen.NEW

    def answer(self, command_id: str, answer: bytes) -> None:
        if command_id in self._answers:
            self._answers[command_id] = answer

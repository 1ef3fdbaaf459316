"""What became of the commands seen."""

from collections import OrderedDict
from enum import Enum, auto


class Seen(Enum):
    """What is known of a command that has no answer yet."""

    NEW = auto()
    UNANSWERED = auto()


class CommandMemory:
    """So that a command sent again is answered again and not done again.

    Remembers so many answers, and forgets the oldest; that must only outlast the orchestrator's resending, which ends
    with the command's own timeout. A command without an answer is never forgotten: it would be done twice.
    """

    def __init__(self, capacity: int) -> None:
        """`capacity`: in answers."""
        self._capacity = capacity
        self._unanswered: set[str] = set()
        # In the order they were given.
        self._answers: OrderedDict[str, bytes] = OrderedDict()

    def see(self, command_id: str) -> Seen | bytes:
        """Notes a command, and says what is known of it: its answer, if it has one."""
        if command_id in self._unanswered:
            return Seen.UNANSWERED
        if command_id in self._answers:
            return self._answers[command_id]
        self._unanswered.add(command_id)
        return Seen.NEW

    def answer(self, command_id: str, answer: bytes) -> None:
        self._unanswered.discard(command_id)
        self._answers[command_id] = answer
        if len(self._answers) > self._capacity:
            self._answers.popitem(last=False)

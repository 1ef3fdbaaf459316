"""Takes commands as they arrive and gives each out once."""

import threading
from collections import deque
from collections.abc import Callable, Collection

from google.protobuf.message import DecodeError

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest

from .command_codec import decode_command
from .command_memory import CommandMemory, Seen
from .commands import Answer, Command, RefusalCode

# Answers remembered; at one a millisecond still half a minute of resending.
MEMORY_CAPACITY = 32_768
# Commands that may wait for the worker; a worker that is this far behind refuses more.
MAX_WAITING = 4_096


class CommandInbox:
    """A command seen before is answered with the answer it had, or waits for the answer that is coming.

    What the worker cannot do anyway (not decodable, not in its list) is refused here.
    """

    def __init__(
        self,
        supported: Collection[str],
        encode: Callable[[Answer], bytes],
        report: Callable[[str, bytes], None],
        log: Callable[[str], None],
    ) -> None:
        """`supported`: empty means all. `encode` is called once a command, `report` also when it comes again."""
        self._supported = frozenset(supported)
        self._encode = encode
        self._report = report
        self._log = log
        self._memory = CommandMemory(MEMORY_CAPACITY)
        self._commands: deque[Command] = deque()
        self._changed = threading.Condition(threading.RLock())
        self._ended: Exception | None = None

    def receive(self, data: bytes) -> None:
        """An envelope, as it came."""
        try:
            envelope = GenericEventRequest.FromString(data)
        except DecodeError as error:
            self._log(f"what came is not a command: {error}")
            return
        with self._changed:
            seen = self._memory.see(envelope.event_id)
            if isinstance(seen, bytes):
                self._report(envelope.event_id, seen)
            elif seen is Seen.NEW:
                self._take(envelope)

    def take(self, timeout_s: float | None) -> Command | None:
        """The next command; None when none comes within the timeout (None: no limit). Raises what ended it."""
        with self._changed:
            self._changed.wait_for(lambda: self._commands or self._ended, timeout_s)
            if self._commands:
                return self._commands.popleft()
            if self._ended is not None:
                raise self._ended
            return None

    def end(self, error: Exception) -> None:
        """Whoever takes after the last command, now or later, is told so."""
        with self._changed:
            self._ended = self._ended or error
            self._changed.notify_all()

    def _take(self, envelope: GenericEventRequest) -> None:
        key = envelope.event_type_key

        def refuse(message: str, code: RefusalCode) -> None:
            self._answer(envelope.event_id, Answer(False, code, message))

        try:
            content = decode_command(envelope)
        except DecodeError as error:
            refuse(f"{key}: the payload cannot be decoded ({error})", RefusalCode.INVALID_ARGUMENT)
            return
        if content is None or (self._supported and content.name not in self._supported):
            name = key if content is None else content.name
            refuse(f"this worker does not understand {name}", RefusalCode.UNIMPLEMENTED)
        elif len(self._commands) >= MAX_WAITING:
            refuse(f"{MAX_WAITING} commands wait already", RefusalCode.RESOURCE_EXHAUSTED)
        else:
            command_id = envelope.event_id
            attributes = dict(envelope.attributes)
            command = Command(command_id, content, attributes, lambda answer: self._answer(command_id, answer))
            self._commands.append(command)
            self._changed.notify()

    def _answer(self, command_id: str, answer: Answer) -> None:
        encoded = self._encode(answer)
        with self._changed:
            self._report(command_id, encoded)
            self._memory.answer(command_id, encoded)

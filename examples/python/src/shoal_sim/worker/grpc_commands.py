"""Commands over ReceiveCommands: live from the response headers on."""

import threading
from collections.abc import Callable
from typing import Any

import grpc

from .command_source import OnCommand, OnEnd
from .ending import ConnectionFailedError, Ending, ending_of
from .service import WorkerService

# Shoal sends headers at once; the first message may never come.
HEADERS_TIMEOUT_S = 10.0


class GrpcCommandSource:
    """See CommandSource."""

    def __init__(self, service: WorkerService) -> None:
        self._service = service

    def subscribe(self, on_command: OnCommand, on_end: OnEnd) -> Callable[[], None]:
        call = self._service.receive_commands()
        answered = threading.Event()
        threading.Thread(
            target=_read, args=(call, answered, on_command, on_end), name="shoal-commands", daemon=True
        ).start()
        if not answered.wait(HEADERS_TIMEOUT_S):
            call.cancel()
            raise ConnectionFailedError(Ending(f"ReceiveCommands has no answer within {HEADERS_TIMEOUT_S:g} s"))
        if not call.is_active():
            raise ConnectionFailedError(ending_of("ReceiveCommands was refused", call))
        return call.cancel  # type: ignore[no-any-return]

    def close(self) -> None:
        """Nothing is left of a subscription that was cancelled."""


def _read(call: Any, answered: threading.Event, on_command: OnCommand, on_end: OnEnd) -> None:
    # Also when the call has failed: the metadata is empty then.
    call.initial_metadata()
    answered.set()
    try:
        for envelope in call:
            on_command(envelope)
    except grpc.RpcError:
        pass
    finally:
        # One that is over stays as it ended; of one that is not, asking for its code would wait for ever.
        call.cancel()
        ending = ending_of("the command stream ended", call)
        # ABORTED: another process receives this worker's commands, and taking them back would only begin a quarrel.
        on_end(Ending(ending.reason, ending.final or ending.code is grpc.StatusCode.ABORTED))

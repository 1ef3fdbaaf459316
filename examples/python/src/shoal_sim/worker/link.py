"""Keeps a worker connected."""

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import grpc

from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import RegisterWorkerResponse, ReportEventBatchesResponse

from .command_source import CommandSource
from .ending import ConnectionFailedError, Ending, ending_of
from .errors import WorkerLostError
from .outbox import BatchLimits
from .reporter import BatchStream, Reporter
from .service import WorkerService

FIRST_BACKOFF_S = 0.1
MAX_BACKOFF_S = 2.0
# More would only be too large for a float, after an outage of half an hour.
MAX_DOUBLINGS = 10


@dataclass(frozen=True)
class LinkEvents:
    """Called from the threads of the connection."""

    on_command: Callable[[bytes], None]
    on_registered: Callable[[RegisterWorkerResponse], None]
    on_acknowledged: Callable[[ReportEventBatchesResponse], None]
    log: Callable[[str], None]


class Link:
    """Subscribes to commands, registers, opens the event stream; when any of it breaks, all of it again after a
    backoff, until it is closed, refused for good, or has not reached Shoal for the orphan timeout.
    """

    def __init__(
        self,
        service: WorkerService,
        commands: CommandSource,
        reporter: Reporter,
        registration: dict[str, Any],
        orphan_timeout_s: float,
        events: LinkEvents,
    ) -> None:
        self._service = service
        self._commands = commands
        self._reporter = reporter
        self._registration = registration
        self._orphan_timeout_s = orphan_timeout_s
        self._events = events
        self._closing = threading.Event()
        # What has ended the present connection.
        self._endings: queue.SimpleQueue[Ending] = queue.SimpleQueue()
        self._stream: BatchStream | None = None
        self._failures = 0
        self._unreachable_since_s: float | None = None

    def run(self, on_first: Callable[[], None]) -> None:
        """Until closed. `on_first` is called when a connection stands. Raises WorkerLostError."""
        while not self._closing.is_set():
            ending = self._connection(on_first)
            self._stream = None
            self._reporter.detach()
            if self._closing.is_set():
                return
            if ending.final:
                raise WorkerLostError(ending.reason)
            self._back_off(ending.reason)

    def break_connection(self, ending: Ending) -> None:
        """Something else has seen that the connection is of no use."""
        self._endings.put(ending)

    def close(self) -> None:
        """Half-closes the event stream, whose last acknowledgement and status end `run`."""
        self._closing.set()
        stream = self._stream
        if stream is None:
            self.abandon()
        else:
            stream.half_close()

    def abandon(self) -> None:
        """Gives up at once what `close` would wait for."""
        self._closing.set()
        self._endings.put(Ending("abandoned"))

    def reached(self) -> None:
        """Shoal has answered elsewhere: it is there, though all of it cannot be connected to, as while NATS is away."""
        self._unreachable_since_s = None

    def _connection(self, on_first: Callable[[], None]) -> Ending:
        endings: queue.SimpleQueue[Ending] = queue.SimpleQueue()
        self._endings = endings
        cancels: list[Callable[[], object]] = []
        try:
            cancels.append(self._commands.subscribe(self._events.on_command, endings.put))
            registered = self._service.register(**self._registration)
            self._unreachable_since_s = None
            self._reporter.registered(registered.max_event_bytes, registered.resume_after_ordinal)
            self._events.on_registered(registered)
            stream = self._reporter.attach(_limits(registered), registered.resume_after_ordinal)
            call = self._service.report_event_batches(stream)
            cancels.append(call.cancel)
            self._stream = stream
            reading = threading.Thread(
                target=self._read, args=(call, stream, endings.put), name="shoal-acks", daemon=True
            )
            reading.start()
            on_first()
            if self._closing.is_set():
                return Ending("closed")
            return endings.get()
        except ConnectionFailedError as error:
            return error.ending
        except grpc.RpcError as error:
            return ending_of("RegisterWorker was refused", error)
        except ValueError as error:
            # gRPC's answer to a call on a channel that was closed meanwhile.
            return Ending(str(error))
        finally:
            for cancel in cancels:
                cancel()

    def _read(self, call: Any, stream: BatchStream, on_end: Callable[[Ending], None]) -> None:
        try:
            for response in call:
                self._failures = 0
                self._events.on_acknowledged(response)
                stream.acknowledge(response.sequence)
        except grpc.RpcError:
            # The call itself tells how it ended.
            pass
        finally:
            # One that is over stays as it ended; of one that is not, asking for its code would wait for ever.
            call.cancel()
            on_end(ending_of("the event stream ended", call))

    def _back_off(self, reason: str) -> None:
        now_s = time.monotonic()
        # `reached` may be called at any moment.
        since_s = self._unreachable_since_s
        if since_s is None:
            since_s = self._unreachable_since_s = now_s
        left_s = since_s + self._orphan_timeout_s - now_s
        if left_s <= 0:
            raise WorkerLostError(f"Shoal could not be reached for {self._orphan_timeout_s:g} s; last: {reason}")
        delay_s = min(FIRST_BACKOFF_S * 2 ** min(self._failures, MAX_DOUBLINGS), MAX_BACKOFF_S, left_s)
        self._failures += 1
        self._events.log(f"{reason}; connecting again in {delay_s * 1000:.0f} ms")
        self._closing.wait(delay_s)


def _limits(registered: RegisterWorkerResponse) -> BatchLimits:
    return BatchLimits(
        max_batch_events=registered.max_batch_events or 512,
        max_batch_bytes=registered.max_batch_bytes or 3 * 1024 * 1024,
        max_in_flight_batches=registered.max_in_flight_batches or 1,
    )

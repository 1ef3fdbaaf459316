"""Events as they come, read in the background."""

import threading
from collections.abc import Iterator
from queue import Empty, Full, Queue
from time import monotonic
from types import TracebackType
from typing import Protocol, Self

import grpc

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import SubscribeToEventsResponse
from shoal_sim.client.errors import ShoalError, shoal_error

# How often a reader whose queue is full looks whether it was closed meanwhile.
_LOOK_SECONDS = 0.2


class EventStream(Protocol):
    """What gRPC gives for the call."""

    def initial_metadata(self) -> object: ...
    def is_active(self) -> bool: ...
    def code(self) -> grpc.StatusCode: ...
    def cancel(self) -> object: ...
    def __iter__(self) -> Iterator[SubscribeToEventsResponse]: ...


class _End:
    def __init__(self, error: ShoalError | None) -> None:
        self.error = error


class Subscription:
    """
    An iterator over events, live from the moment it is made.

    A thread reads them into a queue of `queue_size`; when that is full it stops reading, and Shoal does with further
    ones as `overflow` says. It ends when Shoal ends the stream or `close` is called; a failure of the stream is raised
    once as ShoalError, after the events that came before it.
    """

    def __init__(self, stream: EventStream, queue_size: int, timeout_seconds: float) -> None:
        self._stream = stream
        self._queue: Queue[SubscribeToEventsResponse | _End] = Queue(queue_size)
        self._closed = threading.Event()
        self._ended = False
        _until_live(stream, timeout_seconds)
        self._thread = threading.Thread(target=self._read, name="shoal-subscription", daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[SubscribeToEventsResponse]:
        return self

    def __next__(self) -> SubscribeToEventsResponse:
        event = self.next_within(None)
        if event is None:
            raise StopIteration
        return event

    @property
    def ended(self) -> bool:
        """Whether the last event was given out and no more can come."""
        return self._ended

    def next_within(self, timeout_seconds: float | None) -> SubscribeToEventsResponse | None:
        """The next event; None when the stream has ended. Raises TimeoutError; None as timeout waits for ever."""
        deadline = None if timeout_seconds is None else monotonic() + timeout_seconds
        while not self._ended:
            left = _LOOK_SECONDS if deadline is None else deadline - monotonic()
            try:
                item = self._queue.get(timeout=max(0.0, min(left, _LOOK_SECONDS)))
            except Empty:
                self._ended = self._closed.is_set()
                if not self._ended and deadline is not None and monotonic() >= deadline:
                    raise TimeoutError(f"no event within {timeout_seconds} s") from None
                continue
            if not isinstance(item, _End):
                return item
            self._ended = True
            if item.error is not None:
                raise item.error
        return None

    def close(self) -> None:
        """Ends the call and the thread; may be called again."""
        self._closed.set()
        self._stream.cancel()
        self._thread.join()

    def _read(self) -> None:
        end = _End(None)
        try:
            for response in self._stream:
                if not self._put(response):
                    return
        except grpc.RpcError as error:
            end = _End(shoal_error(error))
        self._put(end)

    def _put(self, item: SubscribeToEventsResponse | _End) -> bool:
        """False when it was closed while there was no room."""
        while not self._closed.is_set():
            try:
                self._queue.put(item, timeout=_LOOK_SECONDS)
            except Full:
                continue
            return True
        return False


def _until_live(stream: EventStream, timeout_seconds: float) -> None:
    """Shoal sends the headers when the subscription is live, or with the refusal, which is raised as ShoalError."""
    too_late = threading.Timer(timeout_seconds, stream.cancel)
    too_late.daemon = True
    too_late.start()
    stream.initial_metadata()
    too_late.cancel()
    if stream.is_active() or stream.code() == grpc.StatusCode.OK:
        return
    if stream.code() == grpc.StatusCode.CANCELLED:
        raise ShoalError(grpc.StatusCode.DEADLINE_EXCEEDED, f"the subscription was not live in {timeout_seconds} s")
    assert isinstance(stream, grpc.RpcError)
    raise shoal_error(stream)

"""Moves events from the simulation's thread to whichever stream is open."""

import threading
import time
from collections.abc import Iterator

from .events import EnvelopeMaker, Event, Receipt
from .framing import encode_batch
from .outbox import BatchLimits, Outbox


class Reporter:
    """Sends at once when a batch is full or an event is urgent, else after the linger; never more batches than may be
    in flight. All methods may be called from any thread.
    """

    def __init__(self, maker: EnvelopeMaker, outbox: Outbox, linger_s: float) -> None:
        self._maker = maker
        self._outbox = outbox
        self._linger_s = linger_s
        lock = threading.RLock()
        self._sender = threading.Condition(lock)
        self._owner = threading.Condition(lock)
        self._stream: BatchStream | None = None
        # When what waits must go, on the monotonic clock.
        self._due_s = 0.0
        self._abandoned: Exception | None = None

    @property
    def unacknowledged(self) -> int:
        with self._sender:
            return self._outbox.size

    def report(self, event: Event, urgent: bool = False) -> Receipt:
        """Keeps the event and does not wait. `urgent`: it and all before it go without linger."""
        with self._sender:
            envelope, receipt = self._maker.make(event)
            was_idle = self._outbox.waiting == 0
            self._outbox.add(envelope, receipt.ordinal)
            if urgent:
                self._due_s = 0.0
            elif was_idle:
                self._due_s = time.monotonic() + self._linger_s
            stream = self._stream
            if urgent or was_idle or (stream is not None and self._outbox.fills_batch(stream.limits)):
                self._sender.notify()
            return receipt

    def registered(self, max_event_bytes: int, resume_after_ordinal: int) -> None:
        with self._sender:
            if max_event_bytes:
                self._maker.max_event_bytes = max_event_bytes
            self._maker.go_on_after(resume_after_ordinal)

    def attach(self, limits: BatchLimits, resume_after_ordinal: int) -> "BatchStream":
        """Begins a stream: what is not acknowledged and above the ordinal comes again, then what waits."""
        with self._sender:
            self.detach()
            self._outbox.skip_through(resume_after_ordinal)
            self._due_s = 0.0
            self._stream = BatchStream(self, limits)
            self._owner.notify_all()
            return self._stream

    def detach(self) -> None:
        """The stream is gone; events are kept until the next."""
        with self._sender:
            self._stream = None
            self._outbox.restart()
            self._sender.notify_all()

    def wait_for_room(self) -> None:
        """Raises what it was abandoned with."""
        with self._owner:
            self._owner.wait_for(lambda: self._outbox.has_room or self._abandoned is not None)
            if self._abandoned is not None:
                raise self._abandoned

    def wait_until_empty(self, timeout_s: float) -> bool:
        """Whether every event is acknowledged. Raises what it was abandoned with."""
        with self._owner:
            self._due_s = 0.0
            self._sender.notify_all()
            self._owner.wait_for(lambda: self._outbox.size == 0 or self._abandoned is not None, timeout_s)
            if self._abandoned is not None:
                raise self._abandoned
            return self._outbox.size == 0

    def abandon(self, error: Exception) -> None:
        """Nothing will be acknowledged any more: whoever waits, now or later, is told so."""
        with self._owner:
            self._abandoned = error
            self._owner.notify_all()

    def next_batch(self, stream: "BatchStream") -> bytes | None:
        """Waits for the next batch of this stream; None when it is to end."""
        with self._sender:
            while self._stream is stream:
                if self._outbox.waiting == 0:
                    if stream.is_closing:
                        return None
                    self._sender.wait()
                    continue
                left_s = self._due_s - time.monotonic()
                if left_s > 0 and not self._outbox.fills_batch(stream.limits):
                    self._sender.wait(left_s)
                    continue
                batch = self._outbox.next_batch(stream.limits)
                if batch is not None:
                    return encode_batch(batch.sequence, batch.envelopes)
                self._sender.wait()
            return None

    def acknowledge(self, stream: "BatchStream", sequence: int) -> None:
        with self._sender:
            # A late one of a stream that was given up would acknowledge batches of the next.
            if self._stream is not stream:
                return
            self._outbox.acknowledge(sequence)
            self._sender.notify_all()
            self._owner.notify_all()

    def half_close(self, stream: "BatchStream") -> None:
        with self._sender:
            stream.is_closing = True
            self._sender.notify_all()


class BatchStream(Iterator[bytes]):
    """The requests of one ReportEventBatches call, as gRPC takes them: it asks for the next when it can send it."""

    def __init__(self, reporter: Reporter, limits: BatchLimits) -> None:
        self.limits = limits
        self.is_closing = False
        self._reporter = reporter

    def __next__(self) -> bytes:
        batch = self._reporter.next_batch(self)
        if batch is None:
            raise StopIteration
        return batch

    def acknowledge(self, sequence: int) -> None:
        self._reporter.acknowledge(self, sequence)

    def half_close(self) -> None:
        self._reporter.half_close(self)

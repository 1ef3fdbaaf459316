"""The events that Shoal has not acknowledged."""

from collections import deque
from dataclasses import dataclass

from .framing import BATCH_OVERHEAD_BYTES, batched_size


@dataclass(frozen=True)
class BatchLimits:
    """Told at registration."""

    max_batch_events: int
    max_batch_bytes: int
    max_in_flight_batches: int


@dataclass(frozen=True)
class _Kept:
    envelope: bytes
    ordinal: int
    size: int


@dataclass(frozen=True)
class Batch:
    """`sequence`: from 1, rising by 1 within a stream."""

    sequence: int
    events: tuple[_Kept, ...]

    @property
    def envelopes(self) -> list[bytes]:
        return [event.envelope for event in self.events]


class Outbox:
    """In the order they were reported: first those sent, then those that wait.

    An event leaves when its batch is acknowledged and not before, so that after a break all of them go out again in
    the same order. Knows no threads and no transport.
    """

    def __init__(self, max_events: int, max_bytes: int) -> None:
        self._max_events = max_events
        self._max_bytes = max_bytes
        self._in_flight: deque[Batch] = deque()
        self._waiting: deque[_Kept] = deque()
        self._waiting_bytes = 0
        self._count = 0
        self._bytes = 0
        self._sequence = 0
        # Of the events ever sent, the highest.
        self._sent_ordinal = 0

    @property
    def size(self) -> int:
        """How many events are kept, sent or not."""
        return self._count

    @property
    def waiting(self) -> int:
        """How many events are not sent on this stream."""
        return len(self._waiting)

    @property
    def has_room(self) -> bool:
        return self._count < self._max_events and self._bytes < self._max_bytes

    def add(self, envelope: bytes, ordinal: int) -> None:
        """Takes it also without room: whoever reports waits for room afterwards."""
        kept = _Kept(envelope, ordinal, batched_size(envelope))
        self._waiting.append(kept)
        self._waiting_bytes += kept.size
        self._count += 1
        self._bytes += kept.size

    def fills_batch(self, limits: BatchLimits) -> bool:
        enough = limits.max_batch_bytes - BATCH_OVERHEAD_BYTES
        return len(self._waiting) >= limits.max_batch_events or self._waiting_bytes >= enough

    def next_batch(self, limits: BatchLimits) -> Batch | None:
        """None when nothing waits, or as many batches are unacknowledged as may be."""
        if not self._waiting or len(self._in_flight) >= limits.max_in_flight_batches:
            return None
        events: list[_Kept] = []
        size = BATCH_OVERHEAD_BYTES
        while self._waiting and len(events) < limits.max_batch_events:
            # One event alone goes whatever the limit: Shoal then rejects it and says so; we would hold it forever.
            if events and size + self._waiting[0].size > limits.max_batch_bytes:
                break
            kept = self._waiting.popleft()
            events.append(kept)
            size += kept.size
            self._waiting_bytes -= kept.size
        self._sent_ordinal = max(self._sent_ordinal, events[-1].ordinal)
        self._sequence += 1
        batch = Batch(self._sequence, tuple(events))
        self._in_flight.append(batch)
        return batch

    def acknowledge(self, sequence: int) -> None:
        """All batches up to this one are dealt with."""
        while self._in_flight and self._in_flight[0].sequence <= sequence:
            for kept in self._in_flight.popleft().events:
                self._forget(kept)

    def restart(self) -> None:
        """For a new stream: everything not acknowledged waits again, and sequences start at 1."""
        for batch in reversed(self._in_flight):
            self._waiting.extendleft(reversed(batch.events))
            self._waiting_bytes += sum(kept.size for kept in batch.events)
        self._in_flight.clear()
        self._sequence = 0

    def skip_through(self, ordinal: int) -> None:
        """Forgets what Shoal dealt with although its acknowledgement was lost; only right after `restart`."""
        # What was never sent is not what Shoal means, whoever it was that used these ordinals before.
        last = min(ordinal, self._sent_ordinal)
        while self._waiting and self._waiting[0].ordinal <= last:
            kept = self._waiting.popleft()
            self._waiting_bytes -= kept.size
            self._forget(kept)

    def _forget(self, kept: _Kept) -> None:
        self._count -= 1
        self._bytes -= kept.size

"""Events and the envelopes that they travel in."""

import math
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest


@dataclass(frozen=True)
class Event:
    """What a worker reports."""

    # Such as `sim.world_state.v1`; selects the route.
    key: str
    payload: bytes
    # A media type, such as `application/json`.
    content_type: str = ""
    # What routes may need, such as `agent_id` and `tick`.
    attributes: Mapping[str, str] = field(default_factory=dict)
    # When it happened, since the Unix epoch; None: now.
    timestamp_ns: int | None = None
    # The command or request that it answers.
    correlation_id: str = ""


@dataclass(frozen=True)
class Receipt:
    """`ordinal`: from 1, rising by 1 with every event of this process, acknowledgements of commands included."""

    event_id: str
    ordinal: int


class EnvelopeMaker:
    """Gives the events of one worker their ids, ordinals and times, and holds them to the size limit.

    Not safe to share between threads: the reporter calls it under its lock.
    """

    def __init__(self, worker_id: str, simulation_id: str) -> None:
        # Shoal's limit for one envelope, told at registration.
        self.max_event_bytes: float = math.inf
        self._worker_id = worker_id
        self._simulation_id = simulation_id
        # Of this process alone, so that the ids of an earlier incarnation never come again.
        self._id_prefix = secrets.token_urlsafe(9)
        self._ordinal = 0

    def go_on_after(self, ordinal: int) -> None:
        """Goes on after the ordinal that Shoal knows of this incarnation, unless events were made already."""
        if self._ordinal == 0:
            self._ordinal = ordinal

    def make(self, event: Event) -> tuple[bytes, Receipt]:
        """Raises ValueError when Shoal would refuse it for its size; then no ordinal is used up."""
        ordinal = self._ordinal + 1
        event_id = f"{self._id_prefix}-{ordinal}"
        envelope = GenericEventRequest(
            event_id=event_id,
            event_type_key=event.key,
            event_payload=event.payload,
            timestamp_ns=time.time_ns() if event.timestamp_ns is None else event.timestamp_ns,
            source_worker_id=self._worker_id,
            simulation_id=self._simulation_id,
            payload_content_type=event.content_type,
            correlation_id=event.correlation_id,
            attributes=event.attributes,
            ordinal=ordinal,
        ).SerializeToString()
        if len(envelope) > self.max_event_bytes:
            raise ValueError(f"an event {event.key} has {len(envelope)} bytes; Shoal takes {self.max_event_bytes}")
        self._ordinal = ordinal
        return envelope, Receipt(event_id, ordinal)

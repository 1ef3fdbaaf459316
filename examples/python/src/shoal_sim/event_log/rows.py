"""What one message of the log becomes: a row of a Parquet file."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

import pyarrow as pa
from google.protobuf.message import DecodeError

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest

_SIMULATION_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")

EVENT_SCHEMA = pa.schema(
    [
        pa.field("sequence", pa.uint64(), nullable=False),
        pa.field("logged_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("event_id", pa.string(), nullable=False),
        pa.field("event_type_key", pa.string(), nullable=False),
        pa.field("simulation_id", pa.string(), nullable=False),
        pa.field("source_worker_id", pa.string(), nullable=False),
        pa.field("timestamp_ns", pa.int64(), nullable=False),
        pa.field("correlation_id", pa.string(), nullable=False),
        pa.field("payload_content_type", pa.string(), nullable=False),
        pa.field("ordinal", pa.uint64(), nullable=False),
        pa.field("attributes", pa.map_(pa.string(), pa.string()), nullable=False),
        pa.field("payload", pa.binary(), nullable=False),
    ]
)

REJECTED_SCHEMA = pa.schema(
    [
        pa.field("sequence", pa.uint64(), nullable=False),
        pa.field("logged_at", pa.timestamp("us", tz="UTC"), nullable=False),
        pa.field("subject", pa.string(), nullable=False),
        pa.field("reason", pa.string(), nullable=False),
        pa.field("data", pa.binary(), nullable=False),
    ]
)


@dataclass(frozen=True, slots=True)
class LoggedMessage:
    """A message of the stream as it was delivered."""

    sequence: int
    logged_at_ns: int
    """When the server stored it, in nanoseconds since the Unix epoch; the same at each delivery."""
    subject: str
    reply: str
    """Where to acknowledge this delivery."""
    data: bytes


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file of `partition`."""

    sequence: int
    partition: str
    """The folder of the row's file, relative to the output folder."""
    schema: pa.Schema
    values: tuple[object, ...]
    """In the order of `schema`."""
    size_bytes: int
    """About what it takes in memory."""

    @property
    def rejected(self) -> bool:
        """Whether the message was no envelope."""
        return self.schema is REJECTED_SCHEMA


def row_of(message: LoggedMessage) -> Row:
    """The row of an envelope; of anything else a row among the rejected ones, with the reason."""
    date = datetime.fromtimestamp(message.logged_at_ns // 1_000_000_000, UTC).date().isoformat()
    size_bytes = len(message.data) + 1_000
    try:
        event = _envelope(message.data)
    except ValueError as error:
        values = (message.sequence, message.logged_at_ns // 1_000, message.subject, str(error), message.data)
        return Row(message.sequence, f"_rejected/date={date}", REJECTED_SCHEMA, values, size_bytes)
    partition = f"simulation_id={event.simulation_id}/date={date}"
    return Row(message.sequence, partition, EVENT_SCHEMA, _values(message, event), size_bytes)


def _envelope(data: bytes) -> GenericEventRequest:
    """Raises ValueError where the bytes are none, or not one that Shoal would have logged."""
    try:
        event = GenericEventRequest.FromString(data)
    except DecodeError as error:
        raise ValueError(f"not a GenericEventRequest: {error}") from error
    if not _SIMULATION_ID.fullmatch(event.simulation_id):
        raise ValueError(f"simulation_id {event.simulation_id!r} is not well-formed")
    if not event.event_id or not event.event_type_key:
        raise ValueError("event_id or event_type_key is empty")
    return event


def _values(message: LoggedMessage, event: GenericEventRequest) -> tuple[object, ...]:
    return (
        message.sequence,
        message.logged_at_ns // 1_000,
        event.event_id,
        event.event_type_key,
        event.simulation_id,
        event.source_worker_id,
        event.timestamp_ns,
        event.correlation_id,
        event.payload_content_type,
        event.ordinal,
        sorted(event.attributes.items()),
        event.event_payload,
    )

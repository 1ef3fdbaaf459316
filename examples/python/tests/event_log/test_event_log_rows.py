import pytest

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim.event_log.rows import EVENT_SCHEMA, LoggedMessage, row_of

# 2026-03-01T23:59:59.999999999Z
LAST_OF_THE_DAY_NS = 1_772_409_599_999_999_999


def message(data: bytes) -> LoggedMessage:
    return LoggedMessage(
        sequence=7, logged_at_ns=LAST_OF_THE_DAY_NS, subject="logging.events.raw", reply="r", data=data
    )


def test_an_envelope_becomes_a_row_of_its_simulation_and_day() -> None:
    event = GenericEventRequest(
        event_id="e-1",
        event_type_key="sim.x.v1",
        simulation_id="reef-1",
        source_worker_id="w",
        timestamp_ns=5,
        correlation_id="c",
        payload_content_type="text/plain",
        ordinal=2**64 - 1,
        attributes={"tick": "3", "agent_id": "a"},
        event_payload=b"\x00\xff",
    )
    row = row_of(message(event.SerializeToString()))
    assert (row.partition, row.rejected) == ("simulation_id=reef-1/date=2026-03-01", False)
    assert dict(zip(EVENT_SCHEMA.names, row.values, strict=True)) == {
        "sequence": 7,
        "logged_at": LAST_OF_THE_DAY_NS // 1_000,
        "event_id": "e-1",
        "event_type_key": "sim.x.v1",
        "simulation_id": "reef-1",
        "source_worker_id": "w",
        "timestamp_ns": 5,
        "correlation_id": "c",
        "payload_content_type": "text/plain",
        "ordinal": 2**64 - 1,
        "attributes": [("agent_id", "a"), ("tick", "3")],
        "payload": b"\x00\xff",
    }


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xff\xff", "not a GenericEventRequest"),
        (b"", "simulation_id"),
        (GenericEventRequest(simulation_id="../../etc", event_id="e", event_type_key="k").SerializeToString(), "etc"),
        (GenericEventRequest(simulation_id="a", event_type_key="k").SerializeToString(), "event_id"),
    ],
)
def test_what_is_no_envelope_goes_to_the_side_with_its_reason(data: bytes, reason: str) -> None:
    row = row_of(message(data))
    assert (row.partition, row.rejected) == ("_rejected/date=2026-03-01", True)
    assert reason in str(row.values[3])
    assert row.values[4] == data

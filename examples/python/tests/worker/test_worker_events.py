import threading
import time

import grpc
import pytest
from connecting import connected, emit, ids
from fake_shoal import FakeShoal
from until import until

from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import RejectedEvent
from shoal_sim.worker import Event


def test_events_arrive_once_in_order_with_ids_ordinals_and_times() -> None:
    with FakeShoal() as shoal:
        with connected(shoal) as worker:
            sent = emit(worker, 1_000)
        assert ids(shoal) == sent
        assert len(set(sent)) == 1_000
        assert [event.ordinal for event in shoal.events] == list(range(1, 1_001))
        assert [batch.sequence for batch in shoal.streams[0].batches] == list(
            range(1, len(shoal.streams[0].batches) + 1)
        )
        assert abs(shoal.events[0].timestamp_ns - time.time_ns()) < 60e9
        assert {event.source_worker_id for event in shoal.events} == {"w-1"}


def test_what_an_event_says_is_kept() -> None:
    event = Event("a.b.v1", b"\x00\xff", "text/plain", {"agent_id": "a-1", "tick": "3"}, 17, "question-1")
    with FakeShoal() as shoal:
        with connected(shoal) as worker:
            worker.emit(event)
        [seen] = shoal.events
        assert (seen.event_type_key, seen.event_payload, seen.payload_content_type) == (
            "a.b.v1",
            b"\x00\xff",
            "text/plain",
        )
        assert (dict(seen.attributes), seen.timestamp_ns) == ({"agent_id": "a-1", "tick": "3"}, 17)
        assert seen.correlation_id == "question-1"


def test_batches_keep_the_limits_of_the_registration() -> None:
    with FakeShoal(max_batch_events=3, max_in_flight_batches=100) as shoal:
        with connected(shoal) as worker:
            emit(worker, 100)
        assert max(len(batch.events) for batch in shoal.streams[0].batches) == 3
    with FakeShoal(max_batch_bytes=600, max_in_flight_batches=100) as shoal:
        with connected(shoal) as worker:
            emit(worker, 100)
            emit(worker, 1, size=2_000)
            emit(worker, 1)
        batches = shoal.streams[0].batches
        assert max(batch.ByteSize() for batch in batches if len(batch.events) > 1) <= 600
        assert [len(batch.events) for batch in batches if batch.ByteSize() > 600] == [1]
        assert len(shoal.events) == 102


def test_no_more_batches_are_in_flight_than_allowed() -> None:
    with FakeShoal(max_batch_events=1, max_in_flight_batches=2) as shoal:
        shoal.is_holding = True
        with connected(shoal) as worker:
            sent = emit(worker, 10)
            until("two batches", lambda: len(shoal.events) == 2)
            # Nothing tells that a third will not come: the linger is over many times.
            time.sleep(0.2)
            assert len(shoal.streams[0].batches) == 2
            shoal.release()
            until("all of them", lambda: ids(shoal) == sent)


def test_emit_holds_the_simulation_while_the_buffer_is_full() -> None:
    with FakeShoal() as shoal:
        shoal.is_holding = True
        with connected(shoal, max_buffered_events=5) as worker:
            emitting = threading.Thread(target=emit, args=(worker, 20), daemon=True)
            emitting.start()
            until("the buffer is full", lambda: len(shoal.events) == 5)
            emitting.join(0.2)
            assert emitting.is_alive()
            assert len(shoal.events) == 5
            shoal.release()
            emitting.join(10)
            assert not emitting.is_alive()
        assert [event.ordinal for event in shoal.events] == list(range(1, 21))


def test_an_event_that_is_rejected_is_told_and_not_sent_again() -> None:
    told: list[tuple[str, int, str]] = []
    with FakeShoal() as shoal:
        shoal.rejected = [RejectedEvent(event_id="e-1", code=3, message="no such key")]
        with connected(shoal, on_rejected=lambda *rejected: told.append(rejected)) as worker:
            emit(worker, 1)
        assert told == [("e-1", 3, "no such key")]
        assert len(shoal.events) == 1


def test_a_callback_that_raises_is_logged_and_the_connection_lives_on() -> None:
    def fails(*_: object) -> dict[str, float]:
        raise RuntimeError("not mine")

    logged: list[str] = []
    with FakeShoal(heartbeat_interval_ms=20) as shoal:
        shoal.rejected = [RejectedEvent(event_id="e-1", code=3, message="no such key")]
        with connected(shoal, on_rejected=fails, gauges=fails, log=logged.append) as worker:
            emit(worker, 1)
            until("it is acknowledged", lambda: worker._reporter.unacknowledged == 0)
            emit(worker, 1)
            before = len(shoal.heartbeats)
            until("it goes on beating", lambda: len(shoal.heartbeats) > before + 2)
        assert len(shoal.registrations) == 1
        assert len(shoal.events) == 2
    assert any("on_rejected failed for event e-1: RuntimeError('not mine')" in line for line in logged)
    assert any("gauges failed" in line for line in logged)


def test_a_log_that_raises_does_not_end_the_connection() -> None:
    def fails(_: str) -> None:
        raise RuntimeError("disk full")

    with FakeShoal() as shoal, connected(shoal, log=fails) as worker:
        emit(worker, 1)
        until("the stream is open", lambda: shoal.events)
        shoal.cut(grpc.StatusCode.UNAVAILABLE)
        until("it connects again", lambda: len(shoal.registrations) == 2)
        emit(worker, 1)


def test_an_event_that_shoal_would_refuse_for_its_size_is_refused_at_once_and_uses_no_ordinal() -> None:
    with FakeShoal(max_event_bytes=500) as shoal:
        with connected(shoal) as worker:
            with pytest.raises(ValueError, match=r"test\.event\.v1 has .* Shoal takes 500"):
                emit(worker, 1, size=500)
            assert worker.emit(Event("test.event.v1", b"")).ordinal == 1
        assert len(shoal.events) == 1

import math
import threading
import time

import grpc
import pytest
from connecting import connected, emit, ids
from fake_shoal import TOKEN, FakeShoal
from until import DEADLINE_S, until

from shoal_sim.worker import WorkerLostError, WorkerState


def test_it_listens_before_it_registers_under_its_ids_and_sends_its_token_with_each_call() -> None:
    with FakeShoal(heartbeat_interval_ms=20) as shoal, connected(shoal, supported_commands=["pause"]) as worker:
        emit(worker, 1)
        until("a heartbeat", lambda: shoal.heartbeats)
        assert [call for call in shoal.calls if call != "heartbeat"] == ["commands", "register", "batches"]
        [registration] = shoal.registrations
        assert (registration.worker_id, registration.simulation_id) == ("w-1", "sim-1")
        assert list(registration.supported_commands) == ["pause"]
        assert shoal.tokens == {f"Bearer {TOKEN}"}


def test_what_was_not_acknowledged_comes_again_in_the_old_order_with_the_old_ids() -> None:
    with FakeShoal(max_batch_events=4) as shoal, connected(shoal) as worker:
        acknowledged = emit(worker, 8)
        until("they are acknowledged", lambda: worker._reporter.unacknowledged == 0)
        shoal.is_holding = True
        pending = emit(worker, 6)
        until("they came", lambda: len(shoal.events) > 8)
        shoal.is_holding = False
        shoal.cut(grpc.StatusCode.UNAVAILABLE)
        until("a second stream has them", lambda: len(shoal.streams) == 2 and len(shoal.streams[1].events) == 6)
        assert [event.event_id for event in shoal.streams[1].events] == pending
        assert not set(acknowledged) & {event.event_id for event in shoal.streams[1].events}
        assert [batch.sequence for batch in shoal.streams[1].batches] == [1, 2]
        assert [registration.worker_id for registration in shoal.registrations] == ["w-1", "w-1"]


def test_nothing_up_to_resume_after_ordinal_comes_again() -> None:
    with FakeShoal() as shoal, connected(shoal) as worker:
        shoal.is_holding = True
        emit(worker, 6)
        until("they came", lambda: len(shoal.events) == 6)
        shoal.is_holding = False
        shoal.registered.resume_after_ordinal = 4
        shoal.cut(grpc.StatusCode.UNAVAILABLE)
        until("the rest came again", lambda: len(shoal.streams) == 2 and shoal.streams[1].events)
        assert [event.ordinal for event in shoal.streams[1].events] == [5, 6]
        until("nothing is kept", lambda: worker._reporter.unacknowledged == 0)


def test_it_comes_back_after_an_outage_with_nothing_missing() -> None:
    with FakeShoal() as shoal:
        with connected(shoal) as worker:
            before = emit(worker, 10)
            until("they came", lambda: ids(shoal) == before)
            shoal.vanish()
            meanwhile = emit(worker, 10)
            shoal.listen()
            until("all came", lambda: set(ids(shoal)) == {*before, *meanwhile})
        assert shoal.streams[-1].is_half_closed


def test_it_tries_again_to_register_when_shoal_is_not_ready() -> None:
    with FakeShoal() as shoal:
        shoal.register_errors = [grpc.StatusCode.UNAVAILABLE] * 3
        with connected(shoal):
            assert len(shoal.registrations) == 4


@pytest.mark.parametrize("code", [grpc.StatusCode.PERMISSION_DENIED, grpc.StatusCode.UNAUTHENTICATED])
def test_it_is_lost_when_it_is_refused(code: grpc.StatusCode) -> None:
    with FakeShoal() as shoal:
        shoal.register_errors = [code]
        with pytest.raises(WorkerLostError, match=code.name):
            connected(shoal)
        assert len(shoal.registrations) == 1


def test_it_is_lost_when_another_process_takes_its_place() -> None:
    with FakeShoal() as shoal:
        worker = connected(shoal)
        shoal.replace()
        with pytest.raises(WorkerLostError, match="ABORTED"):
            worker.next_command(timeout_s=None)
        with pytest.raises(WorkerLostError):
            emit(worker, 1)
        worker.abandon()


def test_it_is_lost_when_shoal_is_away_for_the_orphan_timeout_and_not_before() -> None:
    with FakeShoal() as shoal:
        worker = connected(shoal, orphan_timeout_s=1.0)
        shoal.vanish()
        began_s = time.monotonic()
        with pytest.raises(WorkerLostError, match="could not be reached for 1 s"):
            worker.next_command(DEADLINE_S)
        assert time.monotonic() - began_s > 0.9
        worker.abandon()


def test_a_full_buffer_does_not_hide_that_it_is_lost() -> None:
    with FakeShoal() as shoal:
        shoal.is_holding = True
        worker = connected(shoal, max_buffered_events=2, orphan_timeout_s=0.5)
        threading.Timer(0.1, shoal.vanish).start()
        with pytest.raises(WorkerLostError):
            emit(worker, 10)
        worker.abandon()


def test_close_waits_for_the_last_acknowledgement_and_half_closes() -> None:
    with FakeShoal() as shoal:
        worker = connected(shoal)
        shoal.is_holding = True
        emit(worker, 3)
        closing = threading.Thread(target=worker.close, daemon=True)
        closing.start()
        until("they came", lambda: len(shoal.events) == 3)
        closing.join(0.2)
        assert closing.is_alive()
        shoal.release()
        closing.join(10)
        assert not closing.is_alive()
        assert shoal.streams[0].is_half_closed
        with pytest.raises(RuntimeError, match="after close"):
            emit(worker, 1)


def test_close_says_so_when_the_last_acknowledgement_does_not_come() -> None:
    with FakeShoal() as shoal:
        worker = connected(shoal)
        shoal.is_holding = True
        emit(worker, 3)
        with pytest.raises(WorkerLostError, match=r"3 events were not acknowledged within 0\.2 s"):
            worker.close(timeout_s=0.2)


def test_heartbeats_tell_tick_and_state_also_when_a_tick_takes_long() -> None:
    with FakeShoal(heartbeat_interval_ms=20) as shoal:
        with connected(shoal, gauges=lambda: {"fish": 3.0}) as worker:
            worker.tick, worker.state = 7, WorkerState.PAUSED
            before = len(shoal.heartbeats)
            deadline_s = time.monotonic() + DEADLINE_S
            while len(shoal.heartbeats) - before < 5:
                assert time.monotonic() < deadline_s, "no heartbeats while a tick is reckoned"
                math.factorial(200)
            worker.state = WorkerState.STOPPING
        assert (shoal.heartbeats[-1].tick, int(shoal.heartbeats[-1].state)) == (7, int(WorkerState.STOPPING))
        assert dict(shoal.heartbeats[-1].gauges) == {"fish": 3.0}

import socket
import uuid
from collections.abc import Iterator
from itertools import islice

import grpc
import pytest
from conftest import Shoal

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import OverflowPolicy, SubscribeToEventsRequest
from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import SimulationState
from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentAction, AgentObservation
from shoal_sim.client import ShoalClient, ShoalError, Subscription, commands, wait_until
from shoal_sim.client.errors import REFUSED

WORLD = "sim.world_state.v1"


def of_tick(events: Subscription, tick: int) -> GenericEventRequest:
    """The next event of that tick; a simulation reports its tick 0 when it has registered, which may be later."""
    while (told := events.next_within(10)) is not None:
        if told.event.attributes["tick"] == str(tick):
            return told.event
    pytest.fail(f"the events ended before tick {tick}")


@pytest.fixture
def client(shoal: Shoal) -> Iterator[ShoalClient]:
    with ShoalClient(shoal.address) as connected:
        yield connected


@pytest.fixture
def paused(client: ShoalClient) -> Iterator[str]:
    """The id of a simulation that stands at tick 0."""
    simulation_id = f"calls-{uuid.uuid4().hex[:12]}"
    client.start("fish", simulation_id=simulation_id, config={"fish": 3}, seed=1, paused=True)
    wait_until(client, simulation_id, SimulationState.SIMULATION_STATE_PAUSED)
    yield simulation_id
    # Not `control`: a test may have stopped it.
    client.control_many(commands.stop(force=True), simulation_ids=[simulation_id])


def test_a_subscription_is_live_when_it_returns_and_ends_with_its_simulation(client: ShoalClient, paused: str) -> None:
    with client.subscribe(SubscribeToEventsRequest(simulation_ids=[paused], event_type_keys=[WORLD])) as events:
        assert client.control(paused, commands.step(3)).tick == 3
        of_tick(events, 1)
        assert [it.event.attributes["tick"] for it in islice(events, 2)] == ["2", "3"]
        client.control(paused, commands.stop())
        assert list(events) == []
        assert events.ended


def test_a_reader_that_stops_reading_can_still_be_closed(client: ShoalClient, paused: str) -> None:
    request = SubscribeToEventsRequest(simulation_ids=[paused], overflow=OverflowPolicy.OVERFLOW_POLICY_BLOCK)
    events = client.subscribe(request, queue_size=1)
    client.control(paused, commands.step(50))
    assert events.next_within(10) is not None
    events.close()
    assert len(list(events)) <= 1
    assert events.ended


def test_waiting_for_an_event_has_an_end(client: ShoalClient, paused: str) -> None:
    request = SubscribeToEventsRequest(simulation_ids=[paused], event_type_keys=["no.such.v1"])
    with client.subscribe(request) as events, pytest.raises(TimeoutError):
        events.next_within(0.2)


def test_an_action_is_what_the_agent_does_in_the_next_tick(client: ShoalClient, paused: str) -> None:
    request = SubscribeToEventsRequest(
        simulation_ids=[paused],
        event_type_keys=["sim.agent_observation.v1"],
        attributes={"agent_id": "fish-000001"},
    )
    with client.subscribe(request) as events:
        headings = []
        for tick, turn in enumerate((0.0, 30.0), start=1):
            action = AgentAction(turn_delta_degrees=turn).SerializeToString()
            client.control(paused, commands.agent_action("fish-000001", action))
            client.control(paused, commands.step())
            observation = AgentObservation.FromString(of_tick(events, tick).event_payload)
            headings.append(observation.orientation_degrees)
    assert (headings[1] - headings[0]) % 360 == pytest.approx(30, abs=0.01)


def test_what_the_worker_refuses_is_an_error_with_the_workers_code(client: ShoalClient, paused: str) -> None:
    with pytest.raises(ShoalError, match="no fish nobody") as refused:
        client.control(paused, commands.agent_action("nobody", b""))
    assert (refused.value.code, refused.value.reason) == (grpc.StatusCode.NOT_FOUND, REFUSED)


def test_an_error_has_code_reason_and_metadata(client: ShoalClient) -> None:
    with pytest.raises(ShoalError) as unknown:
        client.get("nowhere")
    assert unknown.value.code == grpc.StatusCode.NOT_FOUND
    assert unknown.value.reason == "SIMULATION_NOT_FOUND"
    assert unknown.value.metadata == {"simulation_id": "nowhere"}
    with pytest.raises(ShoalError) as malformed:
        client.subscribe(SubscribeToEventsRequest(event_type_keys=["a..b"]))
    assert malformed.value.metadata["field"] == "event_type_keys"


def test_a_watch_tells_each_change_after_what_is_there(client: ShoalClient, paused: str) -> None:
    with client.watch(simulation_ids=[paused]) as watch:
        changes = iter(watch)
        present, synced = islice(changes, 2)
        assert (present.initial, synced.synced) == (True, True)
        client.control(paused, commands.stop())
        states = [it.simulation.state for it in islice(changes, 2)]
    assert states == [SimulationState.SIMULATION_STATE_STOPPING, SimulationState.SIMULATION_STATE_STOPPED]


def test_waiting_for_a_state_ends_when_it_cannot_come_or_its_time_is_over(client: ShoalClient, paused: str) -> None:
    running = SimulationState.SIMULATION_STATE_RUNNING
    with pytest.raises(ShoalError) as late:
        wait_until(client, paused, running, timeout_seconds=0.3)
    assert late.value.code == grpc.StatusCode.DEADLINE_EXCEEDED
    client.control(paused, commands.stop())
    with pytest.raises(ShoalError, match="is STOPPED, not RUNNING"):
        wait_until(client, paused, running)


def test_one_command_to_many_has_a_result_for_each(client: ShoalClient, paused: str) -> None:
    known, unknown = client.control_many(commands.step(2), simulation_ids=[paused, "nowhere"])
    assert (known.code, known.response.tick) == (0, 2)
    assert unknown.code == grpc.StatusCode.NOT_FOUND.value[0]


def test_the_same_request_id_starts_one_run(client: ShoalClient) -> None:
    name = uuid.uuid4().hex[:12]
    first = client.start("fish", simulation_id=f"once-{name}", request_id=name, paused=True)
    again = client.start("fish", simulation_id=f"once-{name}", request_id=name, paused=True)
    assert again.created_at == first.created_at
    with pytest.raises(ShoalError, match="ALREADY_EXISTS"):
        client.start("fish", simulation_id=first.simulation_id)
    listed = [it.simulation_id for it in client.list_simulations()]
    assert listed.count(first.simulation_id) == 1
    client.control(first.simulation_id, commands.stop(force=True))


def test_a_daemon_that_does_not_answer_runs_into_the_deadline() -> None:
    with socket.create_server(("127.0.0.1", 0)) as deaf:
        address = f"127.0.0.1:{deaf.getsockname()[1]}"
        with ShoalClient(address, timeout_seconds=0.5) as client:
            for call in (lambda: client.get("x"), client.subscribe):
                with pytest.raises(ShoalError) as late:
                    call()
                assert late.value.code in (grpc.StatusCode.DEADLINE_EXCEEDED, grpc.StatusCode.UNAVAILABLE)

import pytest

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentObservation, AgentReward
from shoal_sim.gym.tick_inbox import OBSERVATION_KEY, REWARD_KEY, TickInbox


def observation(tick: int, energy: float = 1) -> GenericEventRequest:
    payload = AgentObservation(current_energy=energy).SerializeToString()
    return event(OBSERVATION_KEY, tick, payload)


def reward(tick: int, done: bool = False) -> GenericEventRequest:
    return event(REWARD_KEY, tick, AgentReward(reward=1, done=done, tick=tick).SerializeToString())


def event(key: str, tick: int, payload: bytes) -> GenericEventRequest:
    return GenericEventRequest(
        event_id=f"{key}-{tick}",
        event_type_key=key,
        simulation_id="a",
        event_payload=payload,
        attributes={"tick": str(tick)},
    )


def expecting(*simulation_ids: str) -> TickInbox:
    inbox = TickInbox()
    for simulation_id in simulation_ids:
        inbox.expect(simulation_id)
    return inbox


def test_a_tick_is_complete_with_its_observation_and_its_reward() -> None:
    inbox = expecting("a")
    inbox.put(reward(1))
    assert inbox.take("a", 1) is None
    inbox.put(observation(1))
    assert inbox.take("b", 1) is None
    assert inbox.take("a", 1) is not None
    assert inbox.take("a", 1) is None


def test_tick_zero_needs_no_reward_and_the_last_tick_no_observation() -> None:
    inbox = expecting("a")
    inbox.put(observation(0))
    assert inbox.take("a", 0) is not None
    inbox.put(reward(1, done=True))
    assert inbox.take("a", 1) is not None


def test_what_came_before_goes_with_the_tick_that_is_taken() -> None:
    inbox = expecting("a")
    for told in (observation(0, energy=5), observation(1), reward(1)):
        inbox.put(told)
    assert inbox.take("a", 1) is not None
    assert inbox.take("a", 0) is None
    inbox.put(observation(0, energy=6))
    tick = inbox.take("a", 0)
    assert tick is not None
    assert tick.observation is not None
    assert tick.observation.current_energy == 6


@pytest.mark.parametrize("broken", [event(REWARD_KEY, 1, b"\xff"), GenericEventRequest(event_type_key=REWARD_KEY)])
def test_what_cannot_be_read_is_named(broken: GenericEventRequest) -> None:
    with pytest.raises(ValueError, match=REWARD_KEY):
        expecting("a", "").put(broken)


def test_what_a_simulation_reports_that_is_not_expected_any_more_is_dropped() -> None:
    inbox = expecting("a")
    inbox.put(observation(0))
    inbox.forget("a")
    inbox.put(observation(0))
    inbox.expect("a")
    assert inbox.take("a", 0) is None

import json
import math

import pytest

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import (
    ENTITY_TYPE_FOOD,
    ENTITY_TYPE_WALL_OBSTACLE,
    AgentAction,
    AgentObservation,
    AgentReward,
)
from shoal_sim.reef.simulation import Reef
from shoal_sim.reef.world import BITE_M, MAX_MOVE_M, MAX_TURN_DEGREES, VISION_M, Pellet
from shoal_sim.reef.world_state import Placed, WorldState, decode, encode
from shoal_sim.worker import ActionError, ConfigError, Event, Run, UnknownAgentError
from shoal_sim.worker.driver import supported_commands

Told = list[tuple[str, bytes, str, tuple[tuple[str, str], ...]]]


def told(events: list[Event]) -> Told:
    return [(it.key, it.payload, it.content_type, tuple(sorted(it.attributes.items()))) for it in events]


def run(reef: Reef, ticks: int) -> Told:
    events: list[Event] = []
    for _ in range(ticks):
        reef.step()
        events += reef.events(1)
    return told(events)


def act(reef: Reef, agent_id: str, move: float = 0, turn: float = 0, eat: bool = False) -> None:
    action = AgentAction(move_delta=move, turn_delta_degrees=turn, attempt_eat=eat)
    reef.act(agent_id, action.SerializeToString(), "")


def test_the_same_seed_gives_the_same_events_and_another_one_others() -> None:
    first, again, other = (run(Reef(Run(seed=seed)), 60) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_snapshot_goes_on_as_the_first_run_does_with_the_actions_that_wait() -> None:
    reef = Reef(Run("sim-1", seed=7, config={"fish": 3, "food": 5}))
    run(reef, 50)
    act(reef, "fish-0001", move=1, turn=10)
    restored = Reef.restore(Run("sim-1", seed=999), reef.snapshot())
    assert (restored.tick, restored.run) == (50, reef.run)
    assert told(list(restored.events(1))) == told(list(reef.events(1)))
    assert run(restored, 100) == run(reef, 100)


def test_what_is_no_snapshot_is_refused() -> None:
    for data in (b"", b"{}", b"[]", b'{"seed": 1, "config": {}}'):
        with pytest.raises(ConfigError, match="not a snapshot of a reef"):
            Reef.restore(Run(), data)


def test_each_tick_tells_the_world_and_what_each_fish_observes_and_earns() -> None:
    reef = Reef(Run("sim-1", seed=1, config={"fish": 2, "food": 3}))
    assert [event.key for event in reef.events(5)] == ["sim.world_state.v1", *["sim.agent_observation.v1"] * 2]
    reef.step()
    events = list(reef.events(5))
    keys = ["sim.world_state.v1", *["sim.agent_observation.v1"] * 2, *["sim.agent_reward.v1"] * 2]
    assert [event.key for event in events] == keys
    assert [event.attributes.get("agent_id") for event in events[1:]] == ["fish-0001", "fish-0002"] * 2
    assert {event.attributes["tick"] for event in events} == {"1"}
    world = decode(events[0].payload)
    assert (world.timestamp_ns, world.simulation_id, world.tick) == (5, "sim-1", 1)
    observation = AgentObservation.FromString(events[1].payload)
    fish = reef.world.fish[0]
    assert (observation.pos_x, observation.pos_y) == pytest.approx((world.agents[0].x, world.agents[0].y))
    assert observation.current_energy == pytest.approx(fish.energy)
    assert AgentReward.FromString(events[3].payload).reward == pytest.approx(fish.last_reward)


def test_a_fish_does_what_its_agent_says_for_one_tick_and_within_its_bounds() -> None:
    reef = Reef(Run(config={"fish": 1, "food": 0, "instinct": False}))
    fish = reef.world.fish[0]
    fish.x, fish.y, fish.heading_degrees = 20, 20, 0
    act(reef, fish.id, move=1, turn=45)
    reef.step()
    half = math.sqrt(0.5)
    assert (fish.x, fish.y, fish.heading_degrees) == pytest.approx((20 + half, 20 + half, 45))
    before = (fish.x, fish.y)
    reef.step()
    assert (fish.x, fish.y) == before
    act(reef, fish.id, move=1e9, turn=-1e9)
    reef.step()
    assert math.hypot(fish.x - before[0], fish.y - before[1]) == pytest.approx(MAX_MOVE_M)
    assert fish.heading_degrees == pytest.approx(45 - MAX_TURN_DEGREES)
    act(reef, fish.id, move=math.nan, turn=math.nan)
    reef.step()
    assert math.isfinite(fish.x)


def test_a_fish_eats_what_is_in_reach_when_it_wants_to_and_food_grows_back() -> None:
    reef = Reef(Run(config={"fish": 1, "food": 1, "instinct": False}))
    fish = reef.world.fish[0]
    reef.world.food[0] = Pellet("near", fish.x, min(fish.y + BITE_M / 2, 40))
    energy = fish.energy
    reef.step()
    assert fish.energy < energy
    act(reef, fish.id, eat=True)
    reef.step()
    assert fish.last_reward > 25
    assert [pellet.id for pellet in reef.world.food] == ["food-000002"]


def test_a_fish_that_starves_is_gone_after_a_last_reward() -> None:
    reef = Reef(Run(config={"fish": 1, "food": 0, "instinct": False}))
    reef.world.fish[0].energy = 0.01
    reef.step()
    last = list(reef.events(1))[-1]
    assert (last.key, AgentReward.FromString(last.payload).done) == ("sim.agent_reward.v1", True)
    with pytest.raises(UnknownAgentError):
        act(reef, "fish-0001")
    reef.step()
    assert [event.key for event in reef.events(1)] == ["sim.world_state.v1"]


def test_percepts_are_the_nearest_things_in_sight_with_walls() -> None:
    reef = Reef(Run(config={"fish": 1, "food": 0, "width": 100, "height": 100}))
    fish = reef.world.fish[0]
    fish.x, fish.y = 3, 50
    reef.world.food = [Pellet("far", 3 + VISION_M + 1, 50), Pellet("near", 4, 50), Pellet("middle", 3, 55)]
    observation = AgentObservation.FromString(list(reef.events(1))[1].payload)
    seen = [(it.entity_type, it.entity_id, it.relative_pos_x, it.relative_pos_y) for it in observation.percepts]
    assert seen == [
        (ENTITY_TYPE_FOOD, "near", 1, 0),
        (ENTITY_TYPE_WALL_OBSTACLE, "", -3, 0),
        (ENTITY_TYPE_FOOD, "middle", 0, 5),
    ]


def test_an_agent_can_be_injected_anywhere_or_at_a_place() -> None:
    reef = Reef(Run(config={"fish": 0}))
    assert reef.inject(b"", "") == "fish-0001"
    assert reef.inject(b'{"pos_x": 1, "pos_y": 1e9}', "application/json") == "fish-0002"
    assert (reef.world.fish[1].x, reef.world.fish[1].y) == (1, 40)
    for wrong in (b"x", b"[]", b'{"pos_x": 1}', b'{"pos_x": "a", "pos_y": 1}'):
        with pytest.raises(ActionError, match="pos_x and pos_y"):
            reef.inject(wrong, "")
    with pytest.raises(ActionError, match=r"not a fes\.simulation\.agent\.AgentAction"):
        reef.act("fish-0001", b"\xff", "")


def test_everything_that_is_wrong_with_a_configuration_is_named() -> None:
    config = {"fish": 1.5, "food": -1, "instinct": 1, "width": True, "colour": "red"}
    with pytest.raises(ConfigError) as error:
        Reef(Run(config=config))
    problems = str(error.value).split("; ")
    assert sorted(problem.split()[0].rstrip(":") for problem in problems) == sorted(config)


def test_a_run_is_complete_after_its_ticks() -> None:
    reef = Reef(Run(config={"ticks": 2, "fish": 1}))
    assert not reef.is_complete
    run(reef, 2)
    assert reef.is_complete
    assert not Reef(Run()).is_complete


def test_the_reef_supports_all_commands() -> None:
    assert len(supported_commands(Reef)) == 9


def test_a_world_state_can_be_read_again_with_its_lists_sorted() -> None:
    state = WorldState(2**62, "sim-ü", 2**40, [Placed("b", 1.5, -2), Placed("a", 0, 0)], [])
    assert decode(encode(state)) == WorldState(2**62, "sim-ü", 2**40, [Placed("a", 0, 0), Placed("b", 1.5, -2)], [])


def test_a_snapshot_is_json_for_whoever_wants_to_look() -> None:
    assert json.loads(Reef(Run(seed=3)).snapshot())["seed"] == 3

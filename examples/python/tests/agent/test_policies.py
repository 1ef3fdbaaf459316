from collections.abc import Callable

import pytest

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import (
    ENTITY_TYPE_AGENT,
    ENTITY_TYPE_FOOD,
    AgentObservation,
    Percept,
)
from shoal_sim.agent import AgentKey, GreedyPolicy, Policy, RandomPolicy, TabularPolicy
from shoal_sim.agent.mailbox import Mailbox, Observed
from shoal_sim.reef import senses
from shoal_sim.reef.simulation import Reef
from shoal_sim.worker import Run

AGENT = AgentKey("sim-1", "fish-0001")


def observing(orientation: float, *percepts: tuple[int, float, float]) -> AgentObservation:
    return AgentObservation(
        orientation_degrees=orientation,
        percepts=[Percept(entity_type=kind, relative_pos_x=x, relative_pos_y=y) for kind, x, y in percepts],  # type: ignore[arg-type]
    )


def earned(policy: Policy, ticks: int, config: dict[str, object] | None = None) -> float:
    """What six fish earn together in a reef where they do nothing by themselves."""
    reef = Reef(Run("sim-1", seed=5, config={"instinct": False, "food": 60, **(config or {})}))
    total = 0.0
    for _ in range(ticks):
        for fish in reef.world.fish:
            observation = AgentObservation.FromString(senses.observation(fish, reef.world))
            reef.act(fish.id, policy.act(AgentKey("sim-1", fish.id), observation).SerializeToString(), "")
        reef.step()
        total += sum(fish.last_reward for fish in reef.world.fish)
    return total


def test_the_greedy_one_turns_to_the_nearest_food_and_eats_when_it_is_close() -> None:
    policy = GreedyPolicy(1)
    food = ENTITY_TYPE_FOOD
    action = policy.act(AGENT, observing(0, (food, 0, 8), (food, 5, 1), (ENTITY_TYPE_AGENT, 1, 0)))
    assert action.turn_delta_degrees == pytest.approx(11.3, abs=0.1)
    assert action.move_delta == pytest.approx(1.2)
    assert not action.attempt_eat
    assert policy.act(AGENT, observing(90, (food, 0, 0.5))).attempt_eat
    assert policy.act(AGENT, observing(90, (food, 0, 0.5))).move_delta == pytest.approx(0.5)


def test_the_greedy_one_turns_the_short_way_round_and_on_the_spot() -> None:
    action = GreedyPolicy(1).act(AGENT, observing(170, (ENTITY_TYPE_FOOD, -5, -5)))
    assert action.turn_delta_degrees == pytest.approx(55)
    assert action.move_delta == 0


@pytest.mark.parametrize("policy", [GreedyPolicy, TabularPolicy])
def test_who_looks_where_the_food_is_earns_more_than_who_does_not(policy: Callable[[int | None], Policy]) -> None:
    assert earned(policy(2), 300) > 2 * earned(RandomPolicy(2), 300)


@pytest.mark.parametrize("policy", [GreedyPolicy, RandomPolicy])
def test_what_an_agent_does_depends_on_its_seed_and_ids_and_not_on_who_else_is_asked(
    policy: Callable[[int | None], Policy],
) -> None:
    def turns(seed: int, agent: AgentKey, others: int) -> list[float]:
        asked = policy(seed)
        told = []
        for _ in range(3):
            for number in range(others):
                asked.act(AgentKey("sim-1", f"other-{number}"), observing(0))
            told.append(asked.act(agent, observing(0)).turn_delta_degrees)
        return told

    alone = turns(1, AGENT, 0)
    assert turns(1, AGENT, 5) == alone
    for seed, agent in [(2, AGENT), (1, AgentKey("sim-2", "fish-0001")), (1, AgentKey("sim-1", "fish-0002"))]:
        assert turns(seed, agent, 0) != alone


def test_the_tabular_one_gets_better() -> None:
    policy = TabularPolicy(3)
    early = earned(policy, 100)
    earned(policy, 600)
    assert earned(policy, 100) > early


def test_the_mailbox_keeps_the_latest_of_each_agent_and_no_more_agents_than_it_may() -> None:
    mailbox = Mailbox(capacity=2)
    a, b, c = (AgentKey("sim-1", name) for name in "abc")
    first, newer = (Observed(a, AgentObservation(current_age_ticks=age), "") for age in (1, 2))
    assert mailbox.put(first)
    assert mailbox.put(Observed(b, AgentObservation(), ""))
    assert not mailbox.put(newer)
    assert mailbox.take() == newer
    assert mailbox.put(newer)
    assert not mailbox.put(Observed(c, AgentObservation(), ""))
    taken = [mailbox.take() for _ in range(3)]
    assert [it and it.agent for it in taken] == [a, c, None]

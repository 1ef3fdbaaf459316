import numpy as np
import pytest

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentAction, AgentObservation, EntityType, Percept
from shoal_sim.gym.settings import FleetSettings
from shoal_sim.gym.spaces import action_bytes, action_space, observation_of, observation_space

SETTINGS = FleetSettings(percepts=2)


def seen(kind: EntityType, x: float, y: float) -> Percept:
    return Percept(entity_type=kind, relative_pos_x=x, relative_pos_y=y)


def test_an_observation_has_the_agent_itself_and_then_the_nearest_percepts() -> None:
    message = AgentObservation(
        current_energy=50.5,
        current_age_ticks=7,
        pos_x=-3,
        pos_y=4,
        orientation_degrees=90,
        percepts=[
            seen(EntityType.ENTITY_TYPE_FOOD, 9, 0),
            seen(EntityType.ENTITY_TYPE_WALL_OBSTACLE, 0, -2),
            seen(EntityType.ENTITY_TYPE_AGENT, 1, 1),
        ],
    )
    space = observation_space(SETTINGS)
    observation = observation_of(message, space)
    expected = [50.5, 7, -3, 4, 0, 1, 0, 1, 0, 1, 1, 0, 0, 1, 0, -2]
    np.testing.assert_allclose(observation, expected, atol=1e-6)
    assert observation.dtype == np.float32
    assert space.contains(observation)


def test_the_places_of_percepts_that_are_not_there_are_zero() -> None:
    message = AgentObservation(percepts=[seen(EntityType.ENTITY_TYPE_FOOD, 1, 2)])
    observation = observation_of(message, observation_space(SETTINGS))
    assert observation[6:].tolist() == [1, 0, 0, 1, 2, 0, 0, 0, 0, 0]


@pytest.mark.parametrize(
    ("given", "move", "turn", "eats"),
    [
        ([0.5, -10, 1], 0.5, -10, True),
        ([99, 999, 0.5], 1.2, 40, False),
        ([float("nan"), -float("inf"), float("nan")], 0, -40, False),
    ],
)
def test_an_action_is_kept_within_its_bounds(given: list[float], move: float, turn: float, eats: bool) -> None:
    action = AgentAction.FromString(action_bytes(np.array(given, np.float32), action_space(SETTINGS)))
    assert action.move_delta == pytest.approx(move)
    assert action.turn_delta_degrees == pytest.approx(turn)
    assert action.attempt_eat is eats

"""
What an agent senses and does, as arrays of float32.

An observation is `[energy, age, x, y, cos, sin]`, then `[food, agent, wall, dx, dy]` for each percept, nearest first:

| element | unit | bounds |
|---|---|---|
| energy | the simulation's energy units | none |
| age | ticks | 0 and more |
| x, y | world units | none |
| cos, sin | of the orientation | -1 to 1 |
| food, agent, wall | 1 for the kind of thing it is, else 0 | 0 to 1 |
| dx, dy | world units from the agent, along the axes of the world | none |

The places of percepts that are not there are 0. An action is `[move_delta, turn_delta_degrees, attempt_eat]`: world
units ahead, degrees, and whether to eat: above 0.5 it does.
"""

import math

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentAction, AgentObservation, EntityType, Percept
from shoal_sim.gym.settings import FleetSettings

Floats = NDArray[np.float32]

_KINDS = (
    EntityType.ENTITY_TYPE_FOOD,
    EntityType.ENTITY_TYPE_AGENT,
    EntityType.ENTITY_TYPE_WALL_OBSTACLE,
)
_SELF_LOW = (-np.inf, 0, -np.inf, -np.inf, -1, -1)
_SELF_HIGH = (np.inf, np.inf, np.inf, np.inf, 1, 1)
_PERCEPT_LOW = (0, 0, 0, -np.inf, -np.inf)
_PERCEPT_HIGH = (1, 1, 1, np.inf, np.inf)


def observation_space(settings: FleetSettings) -> Box:
    """The shape is `(6 + 5 * settings.percepts,)`."""
    low = np.array(_SELF_LOW + _PERCEPT_LOW * settings.percepts, np.float32)
    high = np.array(_SELF_HIGH + _PERCEPT_HIGH * settings.percepts, np.float32)
    return Box(low, high, dtype=np.float32)


def action_space(settings: FleetSettings) -> Box:
    """The shape is `(3,)`."""
    turn = settings.max_turn_delta_degrees
    low = np.array([0, -turn, 0], np.float32)
    high = np.array([settings.max_move_delta, turn, 1], np.float32)
    return Box(low, high, dtype=np.float32)


def observation_of(message: AgentObservation, space: Box) -> Floats:
    """Further percepts than there is room for are left out."""
    result = np.zeros(space.shape, np.float32)
    radians = math.radians(message.orientation_degrees)
    result[: len(_SELF_LOW)] = (
        message.current_energy,
        message.current_age_ticks,
        message.pos_x,
        message.pos_y,
        math.cos(radians),
        math.sin(radians),
    )
    nearest = sorted(message.percepts, key=lambda it: math.hypot(it.relative_pos_x, it.relative_pos_y))
    seen = np.array([_percept(percept) for percept in nearest], np.float32).ravel()
    room = result[len(_SELF_LOW) :]
    room[: seen.size] = seen[: room.size]
    return result


def action_bytes(action: Floats, space: Box) -> bytes:
    """A serialised AgentAction within the bounds of the space; NaN counts as the lower bound."""
    move, turn, eat = np.clip(np.nan_to_num(action, nan=-np.inf), space.low, space.high).tolist()
    return AgentAction(move_delta=move, turn_delta_degrees=turn, attempt_eat=eat > 0.5).SerializeToString()


def _percept(percept: Percept) -> tuple[float, ...]:
    kinds = (float(percept.entity_type == kind) for kind in _KINDS)
    return (*kinds, percept.relative_pos_x, percept.relative_pos_y)

"""What a fish sees and earns, as the messages of `fes.simulation.agent`."""

import math
from collections.abc import Iterator

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import (
    ENTITY_TYPE_AGENT,
    ENTITY_TYPE_FOOD,
    ENTITY_TYPE_WALL_OBSTACLE,
    AgentObservation,
    AgentReward,
    EntityType,
    Percept,
)

from .world import VISION_M, Fish, World

# A fish cannot attend to more than this at once.
MAX_PERCEPTS = 8


def observation(fish: Fish, world: World) -> bytes:
    return AgentObservation(
        current_energy=fish.energy,
        current_age_ticks=fish.age_ticks,
        pos_x=fish.x,
        pos_y=fish.y,
        orientation_degrees=fish.heading_degrees,
        percepts=percepts(fish, world),
        last_reward=fish.last_reward,
    ).SerializeToString()


def reward(fish: Fish, tick: int, done: bool) -> bytes:
    return AgentReward(reward=fish.last_reward, done=done, tick=tick).SerializeToString()


def percepts(fish: Fish, world: World) -> list[Percept]:
    """Nearest first."""
    seen = [(math.hypot(x, y), entity_id, kind, x, y) for kind, entity_id, x, y in _around(fish, world)]
    nearest = sorted(it for it in seen if it[0] <= VISION_M)[:MAX_PERCEPTS]
    return [
        Percept(entity_type=kind, entity_id=entity_id, relative_pos_x=x, relative_pos_y=y)
        for _, entity_id, kind, x, y in nearest
    ]


def _around(fish: Fish, world: World) -> Iterator[tuple[EntityType, str, float, float]]:
    for pellet in world.food:
        yield ENTITY_TYPE_FOOD, pellet.id, pellet.x - fish.x, pellet.y - fish.y
    for other in world.fish:
        if other is not fish:
            yield ENTITY_TYPE_AGENT, other.id, other.x - fish.x, other.y - fish.y
    for x in (0.0, world.config.width):
        yield ENTITY_TYPE_WALL_OBSTACLE, "", x - fish.x, 0.0
    for y in (0.0, world.config.height):
        yield ENTITY_TYPE_WALL_OBSTACLE, "", 0.0, y - fish.y

"""From what an agent observes to what it does."""

import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Protocol

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import (
    ENTITY_TYPE_FOOD,
    ENTITY_TYPE_WALL_OBSTACLE,
    AgentAction,
    AgentObservation,
    EntityType,
)

from .dice import Dice
from .mailbox import AgentKey

# In world units and degrees; a simulation cuts what is more than it allows.
STRIDE = 1.2
MAX_TURN_DEGREES = 45.0
# From where one stride brings the mouth to the food.
BITE_DISTANCE = 2.5
WALL_DISTANCE = 2.0


class Policy(Protocol):
    """One for all agents of the process; what it leaves to chance, it leaves to the dice of the agent."""

    def act(self, agent: AgentKey, observation: AgentObservation) -> AgentAction: ...

    def forget(self, agent: AgentKey) -> None:
        """The agent has died."""


@dataclass(frozen=True)
class Bearing:
    """Where something is: `degrees` to the left of where the agent heads, between -180 and 180."""

    distance: float
    degrees: float


def nearest(observation: AgentObservation, kind: EntityType) -> Bearing | None:
    """Of the things of this kind that the agent perceives."""
    bearings = [
        Bearing(
            math.hypot(it.relative_pos_x, it.relative_pos_y),
            _half_turn(
                math.degrees(math.atan2(it.relative_pos_y, it.relative_pos_x)) - observation.orientation_degrees
            ),
        )
        for it in observation.percepts
        if it.entity_type == kind
    ]
    return min(bearings, key=lambda it: it.distance, default=None)


class RandomPolicy:
    """Swims about, and bites wherever it is."""

    def __init__(self, seed: int | None = None) -> None:
        self._dice = Dice(seed)

    def act(self, agent: AgentKey, observation: AgentObservation) -> AgentAction:
        turn = self._dice.of(agent).uniform(-MAX_TURN_DEGREES, MAX_TURN_DEGREES)
        return AgentAction(move_delta=STRIDE, turn_delta_degrees=turn, attempt_eat=True)

    def forget(self, agent: AgentKey) -> None:
        self._dice.forget(agent)


class GreedyPolicy:
    """Turns to the nearest food in sight, goes there and eats; without any it looks elsewhere."""

    def __init__(self, seed: int | None = None) -> None:
        self._dice = Dice(seed)

    def act(self, agent: AgentKey, observation: AgentObservation) -> AgentAction:
        food = nearest(observation, ENTITY_TYPE_FOOD)
        if food is not None:
            # Who cannot face it yet turns on the spot, so as not to circle around it.
            is_ahead = abs(food.degrees) <= MAX_TURN_DEGREES
            return AgentAction(
                move_delta=min(STRIDE, food.distance) if is_ahead else 0.0,
                turn_delta_degrees=food.degrees,
                attempt_eat=food.distance <= BITE_DISTANCE,
            )
        wall = nearest(observation, ENTITY_TYPE_WALL_OBSTACLE)
        if wall is not None and wall.distance <= WALL_DISTANCE and abs(wall.degrees) < 90:
            return AgentAction(move_delta=0.0, turn_delta_degrees=math.copysign(MAX_TURN_DEGREES, -wall.degrees))
        return AgentAction(move_delta=STRIDE, turn_delta_degrees=self._dice.of(agent).uniform(-10, 10))

    def forget(self, agent: AgentKey) -> None:
        self._dice.forget(agent)


# Where the nearest food is (sector, near or far), and the turns to choose from.
State = tuple[int, int]
TURNS_DEGREES = (-MAX_TURN_DEGREES, 0.0, MAX_TURN_DEGREES)
SECTORS = 8
NO_FOOD: State = (-1, -1)


class TabularPolicy:
    """Q-learning with one table for all agents: in which sector the nearest food is, and which way to turn then.

    Learns from `last_reward`, which comes with the next observation; always swims and bites.
    """

    def __init__(
        self, seed: int | None = None, learning_rate: float = 0.2, discount: float = 0.9, explore: float = 0.1
    ) -> None:
        self._dice = Dice(seed)
        self._learning_rate = learning_rate
        self._discount = discount
        self._explore = explore
        self._values: defaultdict[State, list[float]] = defaultdict(lambda: [0.0] * len(TURNS_DEGREES))
        self._last: dict[AgentKey, tuple[State, int]] = {}

    def act(self, agent: AgentKey, observation: AgentObservation) -> AgentAction:
        state = _state_of(observation)
        values = self._values[state]
        if agent in self._last:
            before, choice = self._last[agent]
            target = observation.last_reward + self._discount * max(values)
            self._values[before][choice] += self._learning_rate * (target - self._values[before][choice])
        dice = self._dice.of(agent)
        is_exploring = dice.random() < self._explore
        choice = dice.randrange(len(TURNS_DEGREES)) if is_exploring else values.index(max(values))
        self._last[agent] = state, choice
        return AgentAction(move_delta=STRIDE, turn_delta_degrees=TURNS_DEGREES[choice], attempt_eat=True)

    def forget(self, agent: AgentKey) -> None:
        self._last.pop(agent, None)
        self._dice.forget(agent)


def _state_of(observation: AgentObservation) -> State:
    food = nearest(observation, ENTITY_TYPE_FOOD)
    if food is None:
        return NO_FOOD
    return int((food.degrees + 180) / 360 * SECTORS) % SECTORS, int(food.distance > BITE_DISTANCE)


def _half_turn(degrees: float) -> float:
    return degrees - 360 * round(degrees / 360)

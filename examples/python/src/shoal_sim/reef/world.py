"""The reef itself, pure: no clock, no events, no Shoal."""

import math
import random
from dataclasses import dataclass

from .config import ReefConfig

VISION_M = 15.0
BITE_M = 1.5
MAX_MOVE_M = 1.5
CRUISE_M = 0.8
MAX_TURN_DEGREES = 45.0
PELLET_ENERGY = 30.0
NEWBORN_ENERGY = 100.0
LIVING_COST = 0.05
COST_PER_METRE = 0.1


@dataclass
class Fish:
    """`heading_degrees`: 0 looks along x, growing counter-clockwise. `last_reward`: of energy, in the last tick."""

    id: str
    x: float
    y: float
    heading_degrees: float
    energy: float = NEWBORN_ENERGY
    age_ticks: int = 0
    last_reward: float = 0.0


@dataclass
class Pellet:
    """Food."""

    id: str
    x: float
    y: float


@dataclass
class Action:
    """What a fish does in one tick; more than it can do is cut."""

    move_m: float
    turn_degrees: float
    attempt_eat: bool


REST = Action(0.0, 0.0, False)


class World:
    """The same configuration, random numbers and actions give the same world, to the last bit."""

    def __init__(self, config: ReefConfig, dice: random.Random) -> None:
        self.config = config
        self.dice = dice
        self.fish: list[Fish] = []
        self.food: list[Pellet] = []
        # Those that starved in the last tick.
        self.died: list[Fish] = []
        self.actions: dict[str, Action] = {}
        self.fish_born = 0
        self.pellets_grown = 0

    def populate(self) -> None:
        for _ in range(self.config.fish):
            self.add_fish(None)
        while len(self.food) < self.config.food:
            self._grow()

    def add_fish(self, place: tuple[float, float] | None) -> Fish:
        """None: anywhere."""
        self.fish_born += 1
        x, y = place or self._anywhere()
        fish = Fish(f"fish-{self.fish_born:04}", self._in_x(x), self._in_y(y), self.dice.uniform(-180, 180))
        self.fish.append(fish)
        return fish

    def has(self, fish_id: str) -> bool:
        return any(fish.id == fish_id for fish in self.fish)

    def advance(self) -> None:
        """One tick: everybody swims and eats, in the order they were born; food grows back."""
        for fish in self.fish:
            self._swim(fish, self.actions.get(fish.id) or self._instinct(fish))
        self.actions.clear()
        self.died = [fish for fish in self.fish if fish.energy <= 0]
        self.fish = [fish for fish in self.fish if fish.energy > 0]
        while len(self.food) < self.config.food:
            self._grow()

    def _instinct(self, fish: Fish) -> Action:
        if not self.config.instinct:
            return REST
        at_wall = fish.x in (0.0, self.config.width) or fish.y in (0.0, self.config.height)
        return Action(CRUISE_M, MAX_TURN_DEGREES if at_wall else self.dice.uniform(-20, 20), True)

    def _swim(self, fish: Fish, action: Action) -> None:
        turn = _clamp(action.turn_degrees, -MAX_TURN_DEGREES, MAX_TURN_DEGREES)
        move = _clamp(action.move_m, 0.0, MAX_MOVE_M)
        fish.heading_degrees = _degrees(fish.heading_degrees + turn)
        heading = math.radians(fish.heading_degrees)
        fish.x = self._in_x(fish.x + math.cos(heading) * move)
        fish.y = self._in_y(fish.y + math.sin(heading) * move)
        eaten = PELLET_ENERGY if action.attempt_eat and self._bite(fish) else 0.0
        fish.last_reward = eaten - LIVING_COST - COST_PER_METRE * move
        fish.energy += fish.last_reward
        fish.age_ticks += 1

    def _bite(self, fish: Fish) -> bool:
        for at, pellet in enumerate(self.food):
            if math.hypot(pellet.x - fish.x, pellet.y - fish.y) <= BITE_M:
                del self.food[at]
                return True
        return False

    def _grow(self) -> None:
        self.pellets_grown += 1
        x, y = self._anywhere()
        self.food.append(Pellet(f"food-{self.pellets_grown:06}", x, y))

    def _anywhere(self) -> tuple[float, float]:
        return self.dice.uniform(0, self.config.width), self.dice.uniform(0, self.config.height)

    def _in_x(self, x: float) -> float:
        return _clamp(x, 0.0, self.config.width)

    def _in_y(self, y: float) -> float:
        return _clamp(y, 0.0, self.config.height)


def _clamp(value: float, low: float, high: float) -> float:
    """NaN becomes the lower bound: an agent may send anything."""
    return min(value, high) if value >= low else low


def _degrees(angle: float) -> float:
    """The same angle between -180 and 180."""
    return angle - 360 * round(angle / 360)

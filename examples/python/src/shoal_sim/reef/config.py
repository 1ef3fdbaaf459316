"""What a run of the reef can be configured with."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from shoal_sim.worker import ConfigError


@dataclass(frozen=True)
class ReefConfig:
    """The run's configuration is a JSON object of these names; lengths are in metres."""

    # At tick 0.
    fish: int = 6
    # Pellets in the water; one that was eaten grows back elsewhere.
    food: int = 24
    width: float = 60.0
    height: float = 40.0
    # After how many ticks the run is complete; 0: never.
    ticks: int = 0
    # 0: as fast as it can.
    ticks_per_second: float = 20.0
    # Whether a fish that no agent acts for swims about by itself; else it rests.
    instinct: bool = True


BOUNDS: Mapping[str, tuple[float, float]] = {
    "fish": (0, 1_000),
    "food": (0, 10_000),
    "width": (5, 100_000),
    "height": (5, 100_000),
    "ticks": (0, 2**53),
    "ticks_per_second": (0, 10_000),
}


def reef_config(given: Mapping[str, Any]) -> ReefConfig:
    """Raises ConfigError, which names everything that is wrong."""
    kinds = {field.name: type(field.default) for field in fields(ReefConfig)}
    problems = [f"{name} is not known: expected one of {', '.join(kinds)}" for name in given if name not in kinds]
    problems += [
        f"{name} is {given[name]!r}: expected {_expectation(name, kind)}"
        for name, kind in kinds.items()
        if name in given and not _fits(name, kind, given[name])
    ]
    if problems:
        raise ConfigError("; ".join(problems))
    return ReefConfig(**given)


def _fits(name: str, kind: type, value: Any) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if not isinstance(value, int if kind is int else int | float):
        return False
    low, high = BOUNDS[name]
    return low <= value <= high


def _expectation(name: str, kind: type) -> str:
    if kind is bool:
        return "true or false"
    low, high = BOUNDS[name]
    return f"a {'whole ' if kind is int else ''}number from {low} to {high}"

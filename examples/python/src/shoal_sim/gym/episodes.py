"""What becomes of a tick in an environment."""

from dataclasses import dataclass

import numpy as np
from gymnasium.spaces import Box

from shoal_sim.gym.lost import Lost
from shoal_sim.gym.spaces import Floats, observation_of
from shoal_sim.gym.tick_inbox import Tick

# Seeds of later episodes are drawn below it: whole numbers that every language can hold.
_SEEDS_BELOW = 2**53


@dataclass(frozen=True)
class Outcome:
    """What `step` returns."""

    observation: Floats
    reward: float
    terminated: bool
    truncated: bool
    info: dict[str, object]


def first_observation(tick: Tick, space: Box) -> Floats:
    """Of a tick 0, which has one."""
    assert tick.observation is not None
    return observation_of(tick.observation, space)


def outcome_of(result: Tick | Lost, before: Floats, space: Box) -> Outcome:
    """
    An agent that died, and one whose simulation was lost, sees nothing any more: its observation is the one `before`.

    `info["lost"]` says why a simulation is gone; the episode is truncated then, with reward 0.
    """
    if isinstance(result, Lost):
        return Outcome(before.copy(), 0.0, False, True, {"lost": result.reason})
    assert result.reward is not None
    seen = None if result.reward.done else result.observation
    observation = before.copy() if seen is None else observation_of(seen, space)
    return Outcome(observation, result.reward.reward, result.reward.done, False, {})


def draw_seed(random: np.random.Generator) -> int:
    """The simulation's seed for an episode that was given none."""
    return int(random.integers(_SEEDS_BELOW))

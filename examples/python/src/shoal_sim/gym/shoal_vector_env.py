"""One agent in each of many simulations that tick in lockstep, as a gymnasium.vector.VectorEnv."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gymnasium.error import ResetNeeded
from gymnasium.utils import seeding
from gymnasium.vector import AutoresetMode, VectorEnv
from gymnasium.vector.utils import batch_space
from numpy.typing import NDArray

from shoal_sim.gym.episodes import Outcome, draw_seed, first_observation, outcome_of
from shoal_sim.gym.fleet import Fleet
from shoal_sim.gym.settings import FleetSettings
from shoal_sim.gym.spaces import Floats, action_bytes, action_space, observation_space

Flags = NDArray[np.bool_]
Rewards = NDArray[np.float64]
Seed = int | np.integer[Any]


class ShoalVectorEnv(VectorEnv[Floats, Floats, NDArray[Any]]):
    """
    `num_envs` simulations: a step gives all actions in parallel, then one tick to all at once.

    Other keyword arguments are those of `FleetSettings`. Environment i behaves as a `ShoalEnv` of its own: with the
    same seed, which is `seed + i` of `reset(seed=...)`, it gives the same. The autoreset mode is NEXT_STEP: the step
    after an episode's end resets that environment, ignores its action, and returns the first observation with reward 0.
    A simulation that was lost ends its episode with truncated, `info["lost"]` says why, and the reset starts another.

    `max_episode_steps` truncates longer episodes, as `TimeLimit` does for a single one.
    """

    metadata = {"render_modes": [], "autoreset_mode": AutoresetMode.NEXT_STEP}  # noqa: RUF012 gymnasium declares it so

    def __init__(
        self, num_envs: int = 1, *, max_episode_steps: int | None = None, render_mode: None = None, **settings: Any
    ) -> None:
        self._settings = FleetSettings(**settings)
        self._observations = observation_space(self._settings)
        self._actions = action_space(self._settings)
        self.num_envs = num_envs
        self.single_observation_space = self._observations
        self.single_action_space = self._actions
        self.observation_space = batch_space(self._observations, num_envs)
        self.action_space = batch_space(self._actions, num_envs)
        self.render_mode = render_mode
        self._max_episode_steps = max_episode_steps
        self._fleet: Fleet | None = None
        self._randoms = [seeding.np_random()[0] for _ in range(num_envs)]
        self._last = np.zeros((num_envs, *self._observations.shape), np.float32)
        self._steps = np.zeros(num_envs, np.int64)
        self._over = np.ones(num_envs, np.bool_)

    @property
    def simulation_ids(self) -> list[str | None]:
        """By environment; None before the first reset, and where one was lost and not replaced yet."""
        return [None] * self.num_envs if self._fleet is None else self._fleet.simulation_ids

    def reset(
        self, *, seed: Seed | Sequence[Seed | None] | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Floats, dict[str, Any]]:
        """Resets all. Raises FleetError when there is no simulation to be had."""
        super().reset(seed=int(seed) if isinstance(seed, int | np.integer) else None)
        if self._fleet is None:
            self._fleet = Fleet(self._settings, self.num_envs)
        infos = self._reset(dict(enumerate(self._seeds(seed))))
        return self._last.copy(), infos

    def step(self, actions: Floats) -> tuple[Floats, Rewards, Flags, Flags, dict[str, Any]]:
        """Raises FleetError when the worker refuses an action, or a lost simulation cannot be replaced."""
        if self._fleet is None:
            raise ResetNeeded("call reset before step")
        ended = [slot for slot in range(self.num_envs) if self._over[slot]]
        going = [slot for slot in range(self.num_envs) if not self._over[slot]]
        rewards = np.zeros(self.num_envs, np.float64)
        terminations = np.zeros(self.num_envs, np.bool_)
        truncations = np.zeros(self.num_envs, np.bool_)
        results = self._fleet.step({slot: action_bytes(actions[slot], self._actions) for slot in going})
        infos = self._reset(dict.fromkeys(ended))
        for slot in going:
            outcome = self._limited(slot, outcome_of(results[slot], self._last[slot], self._observations))
            self._last[slot] = outcome.observation
            rewards[slot] = outcome.reward
            terminations[slot] = outcome.terminated
            truncations[slot] = outcome.truncated
            infos = self._add_info(infos, outcome.info, slot)
        self._over = terminations | truncations
        return self._last.copy(), rewards, terminations, truncations, infos

    def close_extras(self, **kwargs: Any) -> None:
        """Stops all simulations."""
        if self._fleet is not None:
            self._fleet.close()
            self._fleet = None

    def _seeds(self, seed: Seed | Sequence[Seed | None] | None) -> list[int | None]:
        if seed is None:
            return [None] * self.num_envs
        if isinstance(seed, int | np.integer):
            return [int(seed) + slot for slot in range(self.num_envs)]
        if len(seed) != self.num_envs:
            raise ValueError(f"{len(seed)} seeds for {self.num_envs} environments: give one for each")
        return [None if it is None else int(it) for it in seed]

    def _reset(self, seeds: dict[int, int | None]) -> dict[str, Any]:
        assert self._fleet is not None
        infos: dict[str, Any] = {}
        for slot, seed in seeds.items():
            if seed is not None:
                self._randoms[slot] = seeding.np_random(seed)[0]
        drawn = {slot: draw_seed(self._randoms[slot]) if seed is None else seed for slot, seed in seeds.items()}
        for slot, tick in self._fleet.reset(drawn).items():
            self._last[slot] = first_observation(tick, self._observations)
            self._steps[slot] = 0
            self._over[slot] = False
            info = {"simulation_id": self._fleet.simulation_ids[slot], "simulation_seed": drawn[slot]}
            infos = self._add_info(infos, info, slot)
        return infos

    def _limited(self, slot: int, outcome: Outcome) -> Outcome:
        self._steps[slot] += 1
        too_long = self._max_episode_steps is not None and self._steps[slot] >= self._max_episode_steps
        if not too_long or outcome.truncated:
            return outcome
        return Outcome(outcome.observation, outcome.reward, outcome.terminated, True, outcome.info)

"""One agent in one simulation, as a gymnasium.Env."""

from typing import Any, cast

import gymnasium
from gymnasium import Space

from shoal_sim.gym.episodes import draw_seed, first_observation, outcome_of
from shoal_sim.gym.fleet import Fleet
from shoal_sim.gym.settings import FleetSettings
from shoal_sim.gym.spaces import Floats, action_bytes, action_space, observation_space


class ShoalEnv(gymnasium.Env[Floats, Floats]):
    """
    A step is one tick of the simulation, the reward that of the agent in that tick.

    Keyword arguments are those of `FleetSettings`; the spaces are described in `shoal_sim.gym.spaces`. The simulation
    is started at the first `reset` and stays paused between steps. `reset(seed=S)` gives the simulation the seed S;
    without one it is drawn from `np_random`. `terminated` when the agent died. A simulation that was lost truncates the
    episode, and `info["lost"]` says why; the next `reset` starts another.
    """

    metadata = {"render_modes": []}  # noqa: RUF012 gymnasium declares it so

    def __init__(self, *, render_mode: None = None, **settings: Any) -> None:
        self._settings = FleetSettings(**settings)
        self._observations = observation_space(self._settings)
        self._actions = action_space(self._settings)
        self.observation_space = cast(Space[Floats], self._observations)
        self.action_space = cast(Space[Floats], self._actions)
        self.render_mode = render_mode
        self._fleet: Fleet | None = None
        self._last: Floats | None = None

    @property
    def simulation_id(self) -> str | None:
        """None before the first reset, and when the simulation was lost."""
        return None if self._fleet is None else self._fleet.simulation_ids[0]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Floats, dict[str, Any]]:
        """Raises FleetError when there is no simulation to be had."""
        super().reset(seed=seed)
        if self._fleet is None:
            self._fleet = Fleet(self._settings, 1)
        simulation_seed = draw_seed(self.np_random) if seed is None else seed
        self._last = first_observation(self._fleet.reset({0: simulation_seed})[0], self._observations)
        return self._last.copy(), {"simulation_id": self.simulation_id, "simulation_seed": simulation_seed}

    def step(self, action: Floats) -> tuple[Floats, float, bool, bool, dict[str, Any]]:
        """Raises FleetError when it was not reset, or when the worker refuses the action."""
        if self._fleet is None or self._last is None:
            raise gymnasium.error.ResetNeeded("call reset before step")
        result = self._fleet.step({0: action_bytes(action, self._actions)})[0]
        outcome = outcome_of(result, self._last, self._observations)
        self._last = None if outcome.terminated or outcome.truncated else outcome.observation
        return outcome.observation.copy(), outcome.reward, outcome.terminated, outcome.truncated, outcome.info

    def close(self) -> None:
        """Stops the simulation."""
        if self._fleet is not None:
            self._fleet.close()
            self._fleet = None
        super().close()

"""Simulations under Shoal as gymnasium environments: `ShoalEnv`, `ShoalVectorEnv`, and `shoal_sim/Fish-v0` of both."""

import gymnasium

from shoal_sim.gym.errors import FleetError
from shoal_sim.gym.settings import FleetSettings
from shoal_sim.gym.shoal_env import ShoalEnv
from shoal_sim.gym.shoal_vector_env import ShoalVectorEnv

FISH_ID = "shoal_sim/Fish-v0"

if FISH_ID not in gymnasium.registry:
    gymnasium.register(
        FISH_ID,
        entry_point="shoal_sim.gym.shoal_env:ShoalEnv",
        vector_entry_point="shoal_sim.gym.shoal_vector_env:ShoalVectorEnv",
        max_episode_steps=1_000,
    )

__all__ = ["FISH_ID", "FleetError", "FleetSettings", "ShoalEnv", "ShoalVectorEnv"]

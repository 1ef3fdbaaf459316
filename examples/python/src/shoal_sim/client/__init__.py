"""A small synchronous client of Shoal's OrchestratorClientService."""

from shoal_sim.client import commands
from shoal_sim.client.errors import ShoalError
from shoal_sim.client.shoal_client import ShoalClient
from shoal_sim.client.subscription import Subscription
from shoal_sim.client.waiting import wait_until

__all__ = ["ShoalClient", "ShoalError", "Subscription", "commands", "wait_until"]

"""Agents: a process that watches what agents observe, and says what they do. `python -m shoal_sim.agent --help`."""

from .mailbox import AgentKey
from .policies import GreedyPolicy, Policy, RandomPolicy, TabularPolicy
from .process import AgentProcess, Counts

__all__ = ["AgentKey", "AgentProcess", "Counts", "GreedyPolicy", "Policy", "RandomPolicy", "TabularPolicy"]

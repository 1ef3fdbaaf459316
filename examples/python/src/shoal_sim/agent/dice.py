"""Chance for agents."""

import random
import secrets
from collections import OrderedDict

from .mailbox import AgentKey

# As many agents at once keep their places; a random.Random is 2.5 kB.
MAX_AGENTS = 10_000


class Dice:
    """Each agent has its own, so that what it throws does not depend on when others are asked.

    The same seed, simulation and agent id throw the same; without a seed one is taken by chance. Of more than
    `MAX_AGENTS`, the one that was asked longest ago begins again.
    """

    def __init__(self, seed: int | None) -> None:
        self._seed = secrets.randbits(64) if seed is None else seed
        self._of: OrderedDict[AgentKey, random.Random] = OrderedDict()

    def of(self, agent: AgentKey) -> random.Random:
        if agent not in self._of:
            # The ids have no slash.
            self._of[agent] = random.Random(f"{self._seed}/{agent.simulation_id}/{agent.agent_id}")
            if len(self._of) > MAX_AGENTS:
                self._of.popitem(last=False)
        self._of.move_to_end(agent)
        return self._of[agent]

    def forget(self, agent: AgentKey) -> None:
        """It begins again when it comes again, as after a reset."""
        self._of.pop(agent, None)

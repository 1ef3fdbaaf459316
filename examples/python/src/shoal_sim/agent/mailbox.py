"""What waits to be decided on."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import NamedTuple

from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentObservation


class AgentKey(NamedTuple):
    """Agent ids are unique within a simulation only."""

    simulation_id: str
    agent_id: str


@dataclass(frozen=True)
class Observed:
    """`tick`: the attribute of the observation's envelope, empty where it has none."""

    agent: AgentKey
    observation: AgentObservation
    tick: str


class Mailbox:
    """The latest observation of each agent, the one that waits longest first; one that a newer one overtook is stale:
    an answer to it would come too late. Holds at most `capacity` agents.
    """

    def __init__(self, capacity: int) -> None:
        self._capacity = capacity
        self._waiting: OrderedDict[AgentKey, Observed] = OrderedDict()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, observed: Observed) -> bool:
        """Whether nothing had to go for it."""
        if observed.agent in self._waiting:
            self._waiting[observed.agent] = observed
            return False
        self._waiting[observed.agent] = observed
        if len(self._waiting) <= self._capacity:
            return True
        self._waiting.popitem(last=False)
        return False

    def take(self) -> Observed | None:
        return self._waiting.popitem(last=False)[1] if self._waiting else None

"""What one agent of each simulation was told, ordered by tick."""

from dataclasses import dataclass

from google.protobuf.message import DecodeError

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.simulation.agent.agent_pb2 import AgentObservation, AgentReward

OBSERVATION_KEY = "sim.agent_observation.v1"
REWARD_KEY = "sim.agent_reward.v1"


@dataclass
class Tick:
    """`observation` stays absent for an agent that died in this tick, `reward` at tick 0."""

    observation: AgentObservation | None = None
    reward: AgentReward | None = None

    def is_complete(self, number: int) -> bool:
        """Whether all has come that belongs to tick `number`."""
        if number == 0:
            return self.observation is not None
        return self.reward is not None and (self.reward.done or self.observation is not None)


class TickInbox:
    """Events in, complete ticks out, of the simulations that are expected; what others report is dropped."""

    def __init__(self) -> None:
        self._ticks: dict[str, dict[int, Tick]] = {}

    def expect(self, simulation_id: str) -> None:
        """From now on, until it is forgotten."""
        self._ticks[simulation_id] = {}

    def put(self, event: GenericEventRequest) -> None:
        """Takes an observation or a reward. Raises ValueError where it is neither or says no tick."""
        ticks = self._ticks.get(event.simulation_id)
        if ticks is None:
            return
        try:
            tick = ticks.setdefault(int(event.attributes["tick"]), Tick())
            if event.event_type_key == OBSERVATION_KEY:
                tick.observation = AgentObservation.FromString(event.event_payload)
            else:
                tick.reward = AgentReward.FromString(event.event_payload)
        except (ValueError, DecodeError) as error:
            raise ValueError(
                f"event {event.event_id} ({event.event_type_key}) of simulation {event.simulation_id}: {error}"
            ) from error

    def take(self, simulation_id: str, number: int) -> Tick | None:
        """The tick when it is complete, else None. With it goes all that came before."""
        ticks = self._ticks.get(simulation_id, {})
        tick = ticks.get(number)
        if tick is None or not tick.is_complete(number):
            return None
        ticks.clear()
        return tick

    def forget(self, simulation_id: str) -> None:
        """Drops what came so far, and what comes late."""
        self._ticks.pop(simulation_id, None)

"""The observations and rewards of one agent in many simulations, live."""

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import OverflowPolicy, SubscribeToEventsRequest
from shoal_sim.client import ShoalClient, ShoalError
from shoal_sim.gym.errors import FleetError
from shoal_sim.gym.tick_inbox import OBSERVATION_KEY, REWARD_KEY, Tick, TickInbox

_QUEUE_SIZE = 4_096


class TickStream:
    """
    Of the simulations that a label selects; those that are started later are in it from their first event on.

    Live when it is made, which raises ShoalError where that cannot be. Not for several threads.
    """

    def __init__(self, client: ShoalClient, label_selector: str, agent_id: str) -> None:
        self._inbox = TickInbox()
        self._subscription = client.subscribe(
            SubscribeToEventsRequest(
                label_selector=label_selector,
                event_type_keys=[OBSERVATION_KEY, REWARD_KEY],
                attributes={"agent_id": agent_id},
                overflow=OverflowPolicy.OVERFLOW_POLICY_BLOCK,
            ),
            queue_size=_QUEUE_SIZE,
        )

    def receive(self, timeout_seconds: float) -> None:
        """Takes one event that has come. Raises TimeoutError when none does, FleetError when none can any more."""
        try:
            response = self._subscription.next_within(timeout_seconds)
            if response is None:
                raise FleetError("the events ended: Shoal has gone, or this environment was closed")
            self._inbox.put(response.event)
        except (ShoalError, ValueError) as error:
            raise FleetError(f"no more events: {error}") from error

    def take(self, simulation_id: str, number: int) -> Tick | None:
        """The tick when all of it has come, else None. With it goes all that came before."""
        return self._inbox.take(simulation_id, number)

    def expect(self, simulation_id: str) -> None:
        """Keeps what comes of the simulation from now on; of one that was not expected it is dropped."""
        self._inbox.expect(simulation_id)

    def forget(self, simulation_id: str) -> None:
        """Drops what came of the simulation so far, and what comes late."""
        self._inbox.forget(simulation_id)

    def close(self) -> None:
        """Ends it; may be called again."""
        self._subscription.close()

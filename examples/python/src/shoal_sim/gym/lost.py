"""Simulations that are gone, and why."""

from dataclasses import dataclass

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import ControlResult
from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState
from shoal_sim.client.errors import code_of
from shoal_sim.client.states import state_name

_GOING_STATES = (
    SimulationState.SIMULATION_STATE_PENDING,
    SimulationState.SIMULATION_STATE_STARTING,
    SimulationState.SIMULATION_STATE_RUNNING,
    SimulationState.SIMULATION_STATE_PAUSED,
)


@dataclass(frozen=True)
class Lost:
    """A simulation that is gone, and its slot empty."""

    reason: str


def why_not_at(tick: int, result: ControlResult) -> str:
    """Why the simulation does not stand at the tick after a step; empty when it does."""
    code = result.code or result.response.code
    if code != 0:
        return f"{code_of(code).name}: {result.message or result.response.message}"
    if result.response.tick != tick:
        return f"it stands at tick {result.response.tick} where {tick} was to come: it was restarted, or others step it"
    return ""


def why_over(simulation: Simulation) -> str:
    """Why it will report nothing more, a restart counted as an end; empty when it may."""
    if simulation.state in _GOING_STATES:
        return ""
    words = (state_name(simulation.state), simulation.reason, simulation.message)
    return " ".join(word for word in words if word)

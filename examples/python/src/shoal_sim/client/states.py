"""Words for the states of a simulation."""

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState

FINAL_STATES = frozenset(
    {
        SimulationState.SIMULATION_STATE_COMPLETED,
        SimulationState.SIMULATION_STATE_FAILED,
        SimulationState.SIMULATION_STATE_STOPPED,
    }
)


def state_name(state: SimulationState) -> str:
    """Such as `RUNNING`."""
    return SimulationState.Name(state).removeprefix("SIMULATION_STATE_")


def is_over(simulation: Simulation) -> bool:
    """Whether it can never run again."""
    return simulation.state in FINAL_STATES

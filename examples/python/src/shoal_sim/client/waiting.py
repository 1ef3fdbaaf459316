"""Waits for a simulation to come into a state."""

import threading

import grpc

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState
from shoal_sim.client.errors import ShoalError
from shoal_sim.client.shoal_client import ShoalClient
from shoal_sim.client.states import is_over, state_name


def wait_until(
    client: ShoalClient, simulation_id: str, *states: SimulationState, timeout_seconds: float = 30.0
) -> Simulation:
    """
    The simulation in one of the states; one that is not there yet is waited for.

    Raises ShoalError: DEADLINE_EXCEEDED when the time is over, FAILED_PRECONDITION when it ended otherwise.
    """
    wanted = " or ".join(map(state_name, states))
    with client.watch(simulation_ids=[simulation_id]) as watch:
        too_late = threading.Timer(timeout_seconds, watch.close)
        too_late.daemon = True
        too_late.start()
        try:
            for change in watch:
                simulation = change.simulation
                if simulation.state in states:
                    return simulation
                if is_over(simulation):
                    told = f"{simulation_id} is {state_name(simulation.state)}, not {wanted}: {simulation.message}"
                    raise ShoalError(grpc.StatusCode.FAILED_PRECONDITION, told, simulation.reason)
        finally:
            too_late.cancel()
    told = f"{simulation_id} was not {wanted} within {timeout_seconds} s"
    raise ShoalError(grpc.StatusCode.DEADLINE_EXCEEDED, told)

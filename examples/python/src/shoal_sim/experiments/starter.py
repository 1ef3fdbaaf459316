"""Starts planned runs, each once however often the plan is run."""

import grpc

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation
from shoal_sim.client import ShoalClient, ShoalError
from shoal_sim.experiments.plan import RUN_LABEL, PlanError, PlannedRun
from shoal_sim.experiments.run_record import RunRecord


def check_worker_type(client: ShoalClient, name: str) -> None:
    """Raises PlanError where nothing of the kind can be started there."""
    types = {it.name: it for it in client.worker_types()}
    if name not in types:
        raise PlanError([f"worker_type: {name!r} is not known there; known are {', '.join(types) or 'none'}"])
    if not types[name].available:
        raise PlanError([f"worker_type: {name!r} cannot be started: {types[name].reason}"])


def attach(client: ShoalClient, record: RunRecord) -> None:
    """Takes over the run if it is there from an earlier call. Raises PlanError where its id is another run's."""
    try:
        simulation = client.get(record.planned.simulation_id)
    except ShoalError as error:
        if error.code == grpc.StatusCode.NOT_FOUND:
            return
        raise
    if simulation.labels.get(RUN_LABEL) != record.planned.fingerprint:
        raise PlanError([_taken(record.planned.simulation_id)])
    record.simulation = simulation
    record.attached = True


def start(client: ShoalClient, planned: PlannedRun) -> Simulation | None:
    """None where there is no room now. Raises PlanError where Shoal does not take the run as it is."""
    try:
        return client.start(
            planned.worker_type,
            simulation_id=planned.simulation_id,
            config=planned.config,
            seed=planned.seed,
            labels={**planned.labels, RUN_LABEL: planned.fingerprint},
            # Of the run itself: a call that is cut off, or made twice at once, starts one.
            request_id=f"shoal-sim-{planned.fingerprint}",
            max_run_seconds=planned.max_run_seconds,
        )
    except ShoalError as error:
        if error.code == grpc.StatusCode.RESOURCE_EXHAUSTED:
            return None
        if error.code == grpc.StatusCode.ALREADY_EXISTS:
            raise PlanError([_taken(planned.simulation_id)]) from error
        if error.code == grpc.StatusCode.INVALID_ARGUMENT:
            raise PlanError([f"{planned.simulation_id}: {error.message}"]) from error
        raise


def _taken(simulation_id: str) -> str:
    return (
        f"{simulation_id}: this id is taken by a run that is not this one; "
        f"name the run otherwise, or remove that one with `shoal rm {simulation_id}`"
    )

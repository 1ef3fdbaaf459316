from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import grpc

from shoal_sim._proto.fes.orchestration.v1 import client_service_pb2 as pb
from shoal_sim._proto.fes.orchestration.v1.client_service_pb2_grpc import (
    OrchestratorClientServiceServicer,
    add_OrchestratorClientServiceServicer_to_server,
)
from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState
from shoal_sim.client import ShoalClient
from shoal_sim.experiments.experiment import Experiment
from shoal_sim.experiments.plan import RUN_LABEL, Plan, PlannedRun
from shoal_sim.experiments.progress import Progress

RUNS = [PlannedRun(f"e-{name}", name, "fish", {}) for name in ("removed", "stays")]


def simulation(run: PlannedRun, state: SimulationState, revision: int) -> Simulation:
    labels = {RUN_LABEL: run.fingerprint}
    return Simulation(simulation_id=run.simulation_id, state=state, revision=revision, labels=labels)


class Forgetful(OrchestratorClientServiceServicer):
    """Two runs go; the first watch breaks, meanwhile one run is removed, and the second tells the end of the other."""

    def __init__(self) -> None:
        self.watches = 0
        self.present = {run.simulation_id: simulation(run, SimulationState.SIMULATION_STATE_RUNNING, 1) for run in RUNS}

    def ListWorkerTypes(self, request: object, context: object) -> pb.ListWorkerTypesResponse:  # noqa: N802
        return pb.ListWorkerTypesResponse(worker_types=[pb.WorkerTypeInfo(name="fish", available=True)])

    def GetSimulationStatus(  # noqa: N802
        self, request: pb.GetSimulationStatusRequest, context: grpc.ServicerContext
    ) -> pb.GetSimulationStatusResponse:
        if request.simulation_id not in self.present:
            context.abort(grpc.StatusCode.NOT_FOUND, "it was removed")
        return pb.GetSimulationStatusResponse(simulation=self.present[request.simulation_id])

    def WatchSimulations(  # noqa: N802
        self, request: object, context: grpc.ServicerContext
    ) -> Iterator[pb.WatchSimulationsResponse]:
        self.watches += 1
        for it in self.present.values():
            yield pb.WatchSimulationsResponse(simulation=it, initial=True)
        yield pb.WatchSimulationsResponse(synced=True)
        if self.watches == 1:
            del self.present[RUNS[0].simulation_id]
            context.abort(grpc.StatusCode.UNAVAILABLE, "as the test wants it")
        ended = simulation(RUNS[1], SimulationState.SIMULATION_STATE_COMPLETED, 2)
        yield pb.WatchSimulationsResponse(simulation=ended)


def test_a_run_that_is_removed_while_the_watch_is_broken_is_not_waited_for(tmp_path: Path) -> None:
    server = grpc.server(ThreadPoolExecutor(max_workers=8))
    add_OrchestratorClientServiceServicer_to_server(Forgetful(), server)
    address = f"127.0.0.1:{server.add_insecure_port('127.0.0.1:0')}"
    server.start()
    plan = Plan(tmp_path / "plan.yaml", "", "", "e", "fish", RUNS)
    try:
        with ShoalClient(address) as client:
            experiment = Experiment(plan, client, address, None, tmp_path / "manifest.json")
            experiment.prepare()
            experiment.run(Progress(experiment.records))
    finally:
        server.stop(0).wait()
    assert [record.state for record in experiment.records] == ["REMOVED", "COMPLETED"]

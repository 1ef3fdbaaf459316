"""The calls of Shoal's client address."""

from collections.abc import Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self

import grpc

from shoal_sim._proto.fes.orchestration.v1 import client_service_pb2 as pb
from shoal_sim._proto.fes.orchestration.v1.client_service_pb2_grpc import OrchestratorClientServiceStub
from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState
from shoal_sim.client import commands
from shoal_sim.client.errors import refusal, shoal_errors
from shoal_sim.client.structs import Json, to_struct
from shoal_sim.client.subscription import Subscription
from shoal_sim.client.watch import Watch

_MAX_RECEIVED_BYTES = 16 * 1024 * 1024
# What an answer may take beyond the time that the daemon was told to take for it.
_ANSWER_SECONDS = 5.0

_CHANNEL_OPTIONS = [
    ("grpc.max_receive_message_length", _MAX_RECEIVED_BYTES),
    # A connection that is half open is noticed.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
]


class PendingAnswer:
    """The answer of a command that is on its way."""

    def __init__(self, future: Any) -> None:
        self._future = future

    def result(self) -> pb.ControlSimulationResponse:
        """Waits for it. Raises ShoalError, also for a command that the worker refused."""
        with shoal_errors():
            response: pb.ControlSimulationResponse = self._future.result()
        return _done(response)


class ShoalClient:
    """
    One connection, for any number of threads. Each call has a deadline, and raises ShoalError when it fails.

    `timeout_seconds` is that deadline, and how long a command may take where `control` is not told otherwise.
    """

    def __init__(self, address: str = "127.0.0.1:50050", *, timeout_seconds: float = 30.0) -> None:
        self._timeout_seconds = timeout_seconds
        self._channel = grpc.insecure_channel(address, _CHANNEL_OPTIONS)
        self._stub: Any = OrchestratorClientServiceStub(self._channel)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Ends all calls of this client."""
        self._channel.close()

    def start(
        self,
        worker_type: str,
        *,
        simulation_id: str = "",
        config: Json | None = None,
        seed: int | None = None,
        labels: Mapping[str, str] | None = None,
        paused: bool = False,
        request_id: str = "",
        max_run_seconds: float | None = None,
    ) -> Simulation:
        """Answers when the run is recorded. The same `request_id` again is answered with the same run."""
        request = pb.StartSimulationRequest(
            worker_type=worker_type,
            simulation_id=simulation_id,
            config=None if config is None else to_struct(config),
            seed=seed,
            labels=labels,
            start_paused=paused,
            request_id=request_id,
            max_run_time=commands.duration(max_run_seconds),
        )
        with shoal_errors():
            response: pb.StartSimulationResponse = self._stub.StartSimulation(request, timeout=self._timeout_seconds)
        return response.simulation

    def get(self, simulation_id: str) -> Simulation:
        """The record and the figures of the moment."""
        request = pb.GetSimulationStatusRequest(simulation_id=simulation_id)
        with shoal_errors():
            response: pb.GetSimulationStatusResponse = self._stub.GetSimulationStatus(
                request, timeout=self._timeout_seconds
            )
        return response.simulation

    def list_simulations(
        self, *, states: Iterable[SimulationState] = (), label_selector: str = ""
    ) -> Iterator[Simulation]:
        """Newest first; asks for a page when the one before is used up."""
        request = pb.ListSimulationsRequest(states=states, label_selector=label_selector, page_size=500)
        while True:
            with shoal_errors():
                page: pb.ListSimulationsResponse = self._stub.ListSimulations(request, timeout=self._timeout_seconds)
            yield from page.simulations
            if not page.next_page_token:
                return
            request.page_token = page.next_page_token

    def remove(self, simulation_id: str) -> None:
        """Forgets a simulation that is over, with its logged events."""
        with shoal_errors():
            self._stub.RemoveSimulation(
                pb.RemoveSimulationRequest(simulation_id=simulation_id), timeout=self._timeout_seconds
            )

    def worker_types(self) -> list[pb.WorkerTypeInfo]:
        """What can be started."""
        with shoal_errors():
            response: pb.ListWorkerTypesResponse = self._stub.ListWorkerTypes(
                pb.ListWorkerTypesRequest(), timeout=self._timeout_seconds
            )
        return [*response.worker_types]

    def control(
        self, simulation_id: str, command: pb.ControlSimulationRequest, *, timeout_seconds: float | None = None
    ) -> pb.ControlSimulationResponse:
        """Gives one of `commands` and waits until it is done. A refusal by the worker is a ShoalError too."""
        return self.control_later(simulation_id, command, timeout_seconds=timeout_seconds).result()

    def control_later(
        self, simulation_id: str, command: pb.ControlSimulationRequest, *, timeout_seconds: float | None = None
    ) -> PendingAnswer:
        """As `control`, without waiting: many commands may be on their way at once."""
        request = self._timed(command, timeout_seconds)
        request.simulation_id = simulation_id
        deadline_seconds = request.timeout.ToNanoseconds() / 1e9 + _ANSWER_SECONDS
        return PendingAnswer(self._stub.ControlSimulation.future(request, timeout=deadline_seconds))

    def control_many(
        self,
        command: pb.ControlSimulationRequest,
        *,
        simulation_ids: Iterable[str] = (),
        label_selector: str = "",
        straggler: pb.StragglerPolicy = pb.StragglerPolicy.STRAGGLER_POLICY_WAIT,
        quorum: int = 0,
        timeout_seconds: float | None = None,
    ) -> list[pb.ControlResult]:
        """One command to many, in lockstep; a result for each, whose `code` must be looked at."""
        template = self._timed(command, timeout_seconds)
        request = pb.ControlSimulationsRequest(
            simulation_ids=simulation_ids,
            label_selector=label_selector,
            template=template,
            straggler=straggler,
            quorum=quorum,
        )
        deadline_seconds = template.timeout.ToNanoseconds() / 1e9 + _ANSWER_SECONDS
        with shoal_errors():
            response: pb.ControlSimulationsResponse = self._stub.ControlSimulations(request, timeout=deadline_seconds)
        return [*response.results]

    def watch(self, *, simulation_ids: Iterable[str] = (), label_selector: str = "", from_revision: int = 0) -> Watch:
        """The present simulations, then every change; see `Watch`."""
        request = pb.WatchSimulationsRequest(
            simulation_ids=simulation_ids, label_selector=label_selector, from_revision=from_revision
        )
        return Watch(self._stub.WatchSimulations(request))

    def subscribe(self, request: pb.SubscribeToEventsRequest | None = None, *, queue_size: int = 1_024) -> Subscription:
        """Events as the request says, by default all from now on; live when this returns."""
        stream = self._stub.SubscribeToEvents(request or pb.SubscribeToEventsRequest())
        return Subscription(stream, queue_size, self._timeout_seconds)

    def _timed(
        self, command: pb.ControlSimulationRequest, timeout_seconds: float | None
    ) -> pb.ControlSimulationRequest:
        request = pb.ControlSimulationRequest()
        request.CopyFrom(command)
        request.wait_for_completion = True
        seconds = self._timeout_seconds if timeout_seconds is None else timeout_seconds
        request.timeout.FromNanoseconds(round(seconds * 1e9))
        return request


def _done(response: pb.ControlSimulationResponse) -> pb.ControlSimulationResponse:
    if response.code != 0:
        raise refusal(response.code, response.message)
    return response

"""The worker service as a test needs it: real gRPC, every call recorded, acknowledgements held and connections cut."""

import queue
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Self

import grpc
from until import until

from shoal_sim._proto.fes.common.events.generic_event_pb2 import GenericEventRequest
from shoal_sim._proto.fes.orchestration.v1 import worker_service_pb2_grpc
from shoal_sim._proto.fes.orchestration.v1.command_pb2 import CommandAck
from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import (
    HeartbeatRequest,
    HeartbeatResponse,
    ReceiveCommandsRequest,
    RegisterWorkerRequest,
    RegisterWorkerResponse,
    RejectedEvent,
    ReportEventBatchesRequest,
    ReportEventBatchesResponse,
)
from shoal_sim.worker import WorkerEnvironment

TOKEN = "a-token"


@dataclass
class Stream:
    """One ReportEventBatches call. `answers`: acknowledgements, then None for OK, or the code that it ends with."""

    batches: list[ReportEventBatchesRequest] = field(default_factory=list)
    answers: "queue.SimpleQueue[ReportEventBatchesResponse | grpc.StatusCode | None]" = field(
        default_factory=queue.SimpleQueue
    )
    is_half_closed: bool = False

    @property
    def events(self) -> list[GenericEventRequest]:
        return [event for batch in self.batches for event in batch.events]


class FakeShoal(worker_service_pb2_grpc.OrchestratorWorkerServiceServicer):
    """Acknowledges each batch at once, unless held."""

    def __init__(self, **registered: Any) -> None:
        self.registered = RegisterWorkerResponse(
            **{"command_transport": "grpc", "desired_state": "SIMULATION_STATE_RUNNING", **registered}
        )
        # Which call came when: `commands`, `register`, `batches`.
        self.calls: list[str] = []
        self.tokens: set[str] = set()
        self.registrations: list[RegisterWorkerRequest] = []
        self.heartbeats: list[HeartbeatRequest] = []
        self.streams: list[Stream] = []
        # With what the next registrations are answered instead.
        self.register_errors: list[grpc.StatusCode] = []
        self.rejected: Sequence[RejectedEvent] = ()
        self.is_holding = False
        self._commands: list[queue.SimpleQueue[GenericEventRequest | grpc.StatusCode]] = []
        self._server: grpc.Server | None = None
        self._port = 0

    def __enter__(self) -> Self:
        self.listen()
        return self

    def __exit__(self, *_: object) -> None:
        self.vanish()

    def listen(self) -> None:
        """On the same port as before."""
        self._server = grpc.server(ThreadPoolExecutor(max_workers=32), options=(("grpc.so_reuseport", 0),))
        worker_service_pb2_grpc.add_OrchestratorWorkerServiceServicer_to_server(self, self._server)
        self._port = self._server.add_insecure_port(f"127.0.0.1:{self._port}")
        self._server.start()

    def vanish(self) -> None:
        self.cut(grpc.StatusCode.UNAVAILABLE)
        if self._server is not None:
            self._server.stop(0).wait()

    def environment(self, **more: Any) -> WorkerEnvironment:
        return WorkerEnvironment(
            **{
                "worker_id": "w-1",
                "simulation_id": "sim-1",
                "grpc_address": f"127.0.0.1:{self._port}",
                "token": TOKEN,
                "orphan_timeout_s": 30.0,
                **more,
            }
        )

    def variables(self) -> dict[str, str]:
        """With which a process is launched."""
        return {
            "SHOAL_WORKER_ID": "w-1",
            "SHOAL_SIMULATION_ID": "sim-1",
            "SHOAL_GRPC_ADDRESS": f"127.0.0.1:{self._port}",
            "SHOAL_WORKER_TOKEN": TOKEN,
            "SHOAL_COMMAND_TRANSPORT": "grpc",
        }

    def cut(self, code: grpc.StatusCode) -> None:
        """Ends every stream with this code."""
        for stream in self.streams:
            stream.answers.put(code)
        for commands in self._commands:
            commands.put(code)
        self._commands = []

    def replace(self) -> None:
        """As when another process receives the worker's commands."""
        self._commands.pop().put(grpc.StatusCode.ABORTED)

    def release(self) -> None:
        """Acknowledges what was held."""
        self.is_holding = False
        for stream in self.streams:
            if stream.batches:
                stream.answers.put(ReportEventBatchesResponse(sequence=stream.batches[-1].sequence))

    def command(self, command_id: str, key: str, payload: bytes = b"") -> None:
        until("the worker listens", lambda: self._commands)
        envelope = GenericEventRequest(event_id=command_id, event_type_key=key, event_payload=payload)
        self._commands[-1].put(envelope)

    def control(self, command_id: str, name: str, payload: bytes = b"") -> CommandAck:
        """Gives a command and waits for its acknowledgement."""
        self.command(command_id, f"orchestrator.control.{name}", payload)
        acks = until(f"{name} is answered", lambda: self.acks(command_id))
        return acks[0]  # type: ignore[no-any-return]

    @property
    def events(self) -> list[GenericEventRequest]:
        """Of all streams, in order of arrival, those that came again included."""
        return [event for stream in self.streams for event in stream.events]

    def payloads(self) -> list[bytes]:
        """Of all events but acknowledgements."""
        return [event.event_payload for event in self.events if event.event_type_key != "worker.command_ack.v1"]

    def acks(self, command_id: str) -> list[CommandAck]:
        return [CommandAck.FromString(it.event_payload) for it in self.events if it.correlation_id == command_id]

    # The service.

    def RegisterWorker(  # noqa: N802
        self, request: RegisterWorkerRequest, context: grpc.ServicerContext
    ) -> RegisterWorkerResponse:
        self._note("register", context)
        self.registrations.append(request)
        if self.register_errors:
            context.abort(self.register_errors.pop(0), "as the test wants it")
        return self.registered

    def Heartbeat(self, request: HeartbeatRequest, context: grpc.ServicerContext) -> HeartbeatResponse:  # noqa: N802
        self._note("heartbeat", context)
        self.heartbeats.append(request)
        return HeartbeatResponse(
            desired_state=self.registered.desired_state,
            heartbeat_interval_ms=self.registered.heartbeat_interval_ms,
        )

    def ReceiveCommands(  # noqa: N802
        self, request: ReceiveCommandsRequest, context: grpc.ServicerContext
    ) -> Iterator[GenericEventRequest]:
        self._note("commands", context)
        commands: queue.SimpleQueue[GenericEventRequest | grpc.StatusCode] = queue.SimpleQueue()
        context.add_callback(lambda: commands.put(grpc.StatusCode.CANCELLED))
        context.send_initial_metadata(())
        self._commands.append(commands)
        while isinstance(command := commands.get(), GenericEventRequest):
            yield command
        context.abort(command, "as the test wants it")

    def ReportEventBatches(  # noqa: N802
        self, requests: Iterator[ReportEventBatchesRequest], context: grpc.ServicerContext
    ) -> Iterator[ReportEventBatchesResponse]:
        self._note("batches", context)
        stream = Stream()
        self.streams.append(stream)
        context.add_callback(lambda: stream.answers.put(None))
        threading.Thread(target=self._take, args=(stream, requests), daemon=True).start()
        while isinstance(answer := stream.answers.get(), ReportEventBatchesResponse):
            yield answer
        if answer is not None:
            context.abort(answer, "as the test wants it")

    def _take(self, stream: Stream, requests: Iterator[ReportEventBatchesRequest]) -> None:
        try:
            for batch in requests:
                stream.batches.append(batch)
                if not self.is_holding:
                    answer = ReportEventBatchesResponse(sequence=batch.sequence, rejected=self.rejected)
                    stream.answers.put(answer)
        except Exception:
            # gRPC tells in this way, without a type of its own, that the call was cut.
            return
        stream.is_half_closed = True
        stream.answers.put(None)

    def _note(self, call: str, context: grpc.ServicerContext) -> None:
        self.calls.append(call)
        self.tokens.add(str(dict(context.invocation_metadata()).get("authorization")))

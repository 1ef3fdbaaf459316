"""A worker's connection to Shoal, as its author sees it."""

import os
import threading
from types import TracebackType
from typing import Any, Self

from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import (
    HeartbeatResponse,
    RegisterWorkerResponse,
    ReportEventBatchesResponse,
)

from .callbacks import Callbacks
from .command_codec import encode_answer
from .command_inbox import CommandInbox
from .command_source import CommandSource
from .commands import Answer, Command
from .environment import WorkerEnvironment
from .errors import WorkerLostError
from .events import EnvelopeMaker, Event, Receipt
from .grpc_commands import GrpcCommandSource
from .heartbeat import Heartbeat
from .link import Link, LinkEvents
from .nats_commands import NatsCommandSource
from .options import WorkerOptions
from .outbox import Outbox
from .reporter import Reporter
from .run_config import RunConfig
from .service import WorkerService
from .state import WorkerState, worker_state

ACK_CONTENT_TYPE = "application/protobuf; message=fes.orchestration.v1.CommandAck"


class Worker:
    """`tick` and `state` are yours to set: heartbeats and acknowledgements tell them."""

    def __init__(self, environment: WorkerEnvironment, config: RunConfig, options: WorkerOptions) -> None:
        self.environment = environment
        self.config = config
        self.tick = 0
        self.state = WorkerState.RUNNING
        # What Shoal wants it to be; PAUSED at the start means: hold at tick 0.
        self.desired_state = WorkerState.RUNNING
        self._callbacks = Callbacks(options)
        log = self._callbacks.log
        self._lost: WorkerLostError | None = None
        self._closed = False
        self._service = WorkerService(environment)
        maker = EnvelopeMaker(environment.worker_id, environment.simulation_id)
        outbox = Outbox(options.max_buffered_events, options.max_buffered_bytes)
        self._reporter = Reporter(maker, outbox, options.linger_s)
        self._inbox = CommandInbox(options.supported_commands, self._encode_ack, self._report_ack, log)
        self._source: CommandSource = (
            GrpcCommandSource(self._service) if environment.nats is None else NatsCommandSource(environment.nats, log)
        )
        self._link = Link(
            self._service,
            self._source,
            self._reporter,
            {
                "sdk": options.sdk,
                "supported_commands": list(options.supported_commands),
                "labels": dict(options.labels or {}),
                "pid": os.getpid(),
            },
            environment.orphan_timeout_s,
            LinkEvents(self._inbox.receive, self._registered, self._acknowledged, log),
        )
        self._heartbeat = Heartbeat(self._service, self._figures, self._heartbeat_answered, self._link.break_connection)
        self._connected = threading.Event()
        self._running = threading.Thread(target=self._run, name="shoal-link", daemon=True)

    def connect(self) -> Self:
        """Returns once registered. Raises WorkerLostError."""
        self._running.start()
        self._connected.wait()
        if self._lost is not None:
            self.abandon()
            raise self._lost
        return self

    @property
    def is_lost(self) -> bool:
        """It can no longer work for Shoal and should exit; `emit` and `next_command` say so too."""
        return self._lost is not None

    def emit(self, event: Event) -> Receipt:
        """Reports an event. Order is kept; it is kept and sent again until Shoal has acknowledged it.

        Returns at once while the buffer has room, else when it has again, which holds the simulation. Raises
        WorkerLostError; ValueError when Shoal would refuse the event for its size.
        """
        self._raise_if_lost()
        if self._closed:
            raise RuntimeError("emit after close")
        receipt = self._reporter.report(event)
        self._reporter.wait_for_room()
        return receipt

    def next_command(self, timeout_s: float | None = 0.0) -> Command | None:
        """The next command, each once, in order of arrival; None when none comes in time. `timeout_s` None: no limit.

        Raises WorkerLostError.
        """
        return self._inbox.take(timeout_s)

    def close(self, timeout_s: float | None = None) -> None:
        """Waits until every event is acknowledged, then closes everything. Default: at most the orphan timeout.

        Raises WorkerLostError, also when the last events were not acknowledged in time. Idempotent.
        """
        if self._closed:
            return
        self._closed = True
        limit_s = self.environment.orphan_timeout_s if timeout_s is None else timeout_s
        try:
            if not self._reporter.wait_until_empty(limit_s):
                count = self._reporter.unacknowledged
                raise WorkerLostError(f"{count} events were not acknowledged within {limit_s:g} s")
            self._heartbeat.last()
            self._link.close()
            self._running.join(limit_s)
        finally:
            self._dispose()

    def abandon(self) -> None:
        """Closes everything at once; events that are not acknowledged are lost, and so is the worker. Idempotent."""
        if not self._closed:
            self._closed = True
            self._lose(WorkerLostError("the worker was abandoned"))
            self._dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            self.close()
        else:
            self.abandon()

    def _dispose(self) -> None:
        self._heartbeat.stop()
        self._link.abandon()
        self._source.close()
        self._service.close()

    def _run(self) -> None:
        try:
            self._link.run(self._connected.set)
        except Exception as error:
            # Whatever it was, a simulation that waits must not wait for ever.
            self._lose(
                error if isinstance(error, WorkerLostError) else WorkerLostError(f"the connection failed: {error!r}")
            )
        finally:
            self._connected.set()

    def _lose(self, error: WorkerLostError) -> None:
        self._lost = self._lost or error
        self._heartbeat.stop()
        self._reporter.abandon(self._lost)
        self._inbox.end(self._lost)

    def _raise_if_lost(self) -> None:
        if self._lost is not None:
            raise self._lost

    def _registered(self, registered: RegisterWorkerResponse) -> None:
        self._desire(registered.desired_state)
        self._heartbeat.start(registered.heartbeat_interval_ms / 1000)

    def _heartbeat_answered(self, answer: HeartbeatResponse) -> None:
        self._link.reached()
        self._desire(answer.desired_state)

    def _desire(self, number: int) -> None:
        self.desired_state = worker_state(number) or self.desired_state

    def _figures(self) -> dict[str, Any]:
        return {"tick": self.tick, "state": int(self.state), "gauges": self._callbacks.gauges()}

    def _acknowledged(self, response: ReportEventBatchesResponse) -> None:
        for event in response.rejected:
            self._callbacks.rejected(event)

    def _encode_ack(self, answer: Answer) -> bytes:
        return encode_answer(answer, self.tick, self.state)

    def _report_ack(self, command_id: str, ack: bytes) -> None:
        # A worker that is gone for Shoal has nobody to answer.
        if self._lost is None:
            event = Event("worker.command_ack.v1", ack, ACK_CONTENT_TYPE, correlation_id=command_id)
            self._reporter.report(event, urgent=True)

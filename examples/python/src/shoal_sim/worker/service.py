"""The calls of OrchestratorWorkerService that the library makes, with token and TLS."""

from collections.abc import Iterator
from typing import Any

import grpc

from shoal_sim._proto.fes.orchestration.v1 import worker_service_pb2 as messages

from .environment import WorkerEnvironment

SERVICE = "/fes.orchestration.v1.OrchestratorWorkerService/"
# Shoal answers unary calls at once: more means that it is not there.
CALL_TIMEOUT_S = 10.0

CHANNEL_OPTIONS = (
    # A worker has nobody else to talk to: look for a Shoal that restarts more often than the default of minutes.
    ("grpc.initial_reconnect_backoff_ms", 100),
    ("grpc.max_reconnect_backoff_ms", 2_000),
    # So that a connection that is half open is noticed.
    ("grpc.keepalive_time_ms", 20_000),
    ("grpc.keepalive_timeout_ms", 10_000),
    # The address is Shoal's own, whatever the environment says of proxies.
    ("grpc.enable_http_proxy", 0),
    ("grpc.use_local_subchannel_pool", 1),
)


class WorkerService:
    """Errors of unary calls are `grpc.RpcError`s; streams raise them as they are read."""

    def __init__(self, environment: WorkerEnvironment) -> None:
        """Raises OSError when the certificate authority's file cannot be read."""
        self._ids: dict[str, Any] = {"worker_id": environment.worker_id, "simulation_id": environment.simulation_id}
        self._metadata = () if environment.token is None else (("authorization", f"Bearer {environment.token}"),)
        self._channel = _channel(environment)
        self._register = self._channel.unary_unary(
            f"{SERVICE}RegisterWorker",
            request_serializer=messages.RegisterWorkerRequest.SerializeToString,
            response_deserializer=messages.RegisterWorkerResponse.FromString,
        )
        self._heartbeat = self._channel.unary_unary(
            f"{SERVICE}Heartbeat",
            request_serializer=messages.HeartbeatRequest.SerializeToString,
            response_deserializer=messages.HeartbeatResponse.FromString,
        )
        # Batches go as they are, serialised already.
        self._batches: Any = self._channel.stream_stream(
            f"{SERVICE}ReportEventBatches",
            response_deserializer=messages.ReportEventBatchesResponse.FromString,
        )
        # An envelope that cannot be decoded must not end the stream, as it would inside of gRPC.
        self._commands: Any = self._channel.unary_stream(
            f"{SERVICE}ReceiveCommands",
            request_serializer=messages.ReceiveCommandsRequest.SerializeToString,
        )

    def register(self, **fields: Any) -> messages.RegisterWorkerResponse:
        request = messages.RegisterWorkerRequest(**self._ids, **fields)
        return self._register(request, timeout=CALL_TIMEOUT_S, metadata=self._metadata)

    def heartbeat(self, timeout_s: float = CALL_TIMEOUT_S, **fields: Any) -> messages.HeartbeatResponse:
        request = messages.HeartbeatRequest(**self._ids, **fields)
        return self._heartbeat(request, timeout=timeout_s, metadata=self._metadata)

    def report_event_batches(self, batches: Iterator[bytes]) -> Any:
        """A call: an iterator of ReportEventBatchesResponse that can be cancelled."""
        return self._batches(batches, metadata=self._metadata)

    def receive_commands(self) -> Any:
        """A call: an iterator of serialised envelopes that can be cancelled."""
        return self._commands(messages.ReceiveCommandsRequest(**self._ids), metadata=self._metadata)

    def close(self) -> None:
        self._channel.close()


def _channel(environment: WorkerEnvironment) -> grpc.Channel:
    if environment.grpc_ca_file is None:
        return grpc.insecure_channel(environment.grpc_address, options=CHANNEL_OPTIONS)
    credentials = grpc.ssl_channel_credentials(environment.grpc_ca_file.read_bytes())
    return grpc.secure_channel(environment.grpc_address, credentials, options=CHANNEL_OPTIONS)

"""Simulations as they change."""

from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

import grpc

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import WatchSimulationsResponse
from shoal_sim.client.errors import shoal_error


class WatchStream(Protocol):
    """What gRPC gives for the call."""

    def cancel(self) -> object: ...
    def __iter__(self) -> Iterator[WatchSimulationsResponse]: ...


class Watch:
    """
    The present simulations, then a message with `synced`, then each change.

    Ends when `close` is called, also by another thread; a failure of the stream is raised as ShoalError.
    """

    def __init__(self, stream: WatchStream) -> None:
        self._stream = stream
        self._closed = False

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def __iter__(self) -> Iterator[WatchSimulationsResponse]:
        try:
            yield from self._stream
        except grpc.RpcError as error:
            if not self._closed:
                raise shoal_error(error) from error

    def close(self) -> None:
        """Ends the call; may be called again."""
        self._closed = True
        self._stream.cancel()

"""The one exception of this client."""

from collections.abc import Iterator
from contextlib import contextmanager

import grpc
from google.rpc import code_pb2, error_details_pb2, status_pb2

_DETAILS_KEY = "grpc-status-details-bin"
_CODES = {code.value[0]: code for code in grpc.StatusCode}

REFUSED = "REFUSED_BY_WORKER"
"""`reason` of a command that arrived, and that the worker would not do."""


class ShoalError(Exception):
    """
    A call that failed, or a command that the worker refused.

    `code` is the canonical status; `reason` the stable word from Shoal's docs/errors.md, empty where the failure is the
    network's; `metadata` has what belongs to it, such as `field` or `command_id`.
    """

    def __init__(
        self, code: grpc.StatusCode, message: str, reason: str = "", metadata: dict[str, str] | None = None
    ) -> None:
        super().__init__(f"{code.name}{f' ({reason})' if reason else ''}: {message}")
        self.code = code
        self.message = message
        self.reason = reason
        self.metadata = metadata or {}


def code_of(number: int) -> grpc.StatusCode:
    """The status of a google.rpc.Code number; UNKNOWN for one that is none."""
    return _CODES.get(number, grpc.StatusCode.UNKNOWN)


def shoal_error(error: grpc.RpcError) -> ShoalError:
    """What a failed call says."""
    if not isinstance(error, grpc.Call):
        return ShoalError(grpc.StatusCode.UNKNOWN, str(error))
    message = error.details() or error.code().name
    for key, value in error.trailing_metadata() or ():
        if key == _DETAILS_KEY and isinstance(value, bytes):
            for detail in status_pb2.Status.FromString(value).details:
                info = error_details_pb2.ErrorInfo()
                if detail.Unpack(info):
                    return ShoalError(error.code(), message, info.reason, dict(info.metadata))
    return ShoalError(error.code(), message)


def refusal(code: int, message: str) -> ShoalError:
    """A command that the worker refused with a google.rpc.Code number."""
    return ShoalError(code_of(code), message or f"refused with {code_pb2.Code.Name(code)}", REFUSED)


@contextmanager
def shoal_errors() -> Iterator[None]:
    """Turns what gRPC raises within into ShoalError."""
    try:
        yield
    except grpc.RpcError as error:
        raise shoal_error(error) from error
    except grpc.FutureTimeoutError as error:
        raise ShoalError(grpc.StatusCode.DEADLINE_EXCEEDED, "no answer in time") from error

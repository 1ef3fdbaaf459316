"""Why a connection to Shoal ended, and whether it makes sense to try again."""

from dataclasses import dataclass
from typing import Any

import grpc

# Whatever a worker asks for, these will be the same next time.
FINAL_CODES = frozenset(
    {
        grpc.StatusCode.INVALID_ARGUMENT,
        grpc.StatusCode.NOT_FOUND,
        grpc.StatusCode.ALREADY_EXISTS,
        grpc.StatusCode.PERMISSION_DENIED,
        grpc.StatusCode.UNAUTHENTICATED,
        grpc.StatusCode.UNIMPLEMENTED,
    }
)


@dataclass(frozen=True)
class Ending:
    """`final`: no later attempt can succeed."""

    reason: str
    final: bool = False
    code: grpc.StatusCode | None = None


class ConnectionFailedError(Exception):
    """A step of connecting failed."""

    def __init__(self, ending: Ending) -> None:
        self.ending = ending
        super().__init__(ending.reason)


def ending_of(what: str, call: Any) -> Ending:
    """Of a call that is over, or of the error that it raised, which is the call as well."""
    code = call.code()
    details = call.details()
    return Ending(f"{what}: {code.name}{f': {details}' if details else ''}", code in FINAL_CODES, code)

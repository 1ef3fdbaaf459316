"""What the author of a worker may set."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WorkerOptions:
    """All of it has a default that suits most workers."""

    # Commands not in the list are refused by the library; empty: all are given out.
    supported_commands: Sequence[str] = ()
    # Shown to people, as `name/version`.
    sdk: str = "shoal-sim/0.1.0"
    labels: Mapping[str, str] | None = None
    # How long an event waits for company before its batch goes.
    linger_s: float = 0.005
    # What may be unacknowledged before `emit` holds.
    max_buffered_events: int = 8_192
    max_buffered_bytes: int = 32 * 1024 * 1024
    # Figures sent along with each heartbeat; called from the heartbeat's thread.
    gauges: Callable[[], Mapping[str, float]] | None = None
    # Called with event id, google.rpc.Code and message of an event that Shoal did not take; None: logged.
    on_rejected: Callable[[str, int, str], None] | None = None
    # What happens to the connection, for people; None: a line on stderr.
    log: Callable[[str], None] | None = None

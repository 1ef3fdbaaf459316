"""What Shoal launches a worker with: section 3 of the contract, checked."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .errors import WorkerEnvironmentError

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,127}")
ID_EXPECTATION = "an id: letters, digits, _ and -, at most 128"
MAX_SEED = 2**64 - 1
# Long enough for a restart of Shoal on a busy machine.
DEFAULT_ORPHAN_TIMEOUT_MS = 60_000


@dataclass(frozen=True)
class NatsTransport:
    """Commands come on a NATS subject."""

    urls: tuple[str, ...]
    subject: str
    creds_file: Path | None = None
    inbox_prefix: str | None = None


@dataclass(frozen=True)
class WorkerEnvironment:
    """Checked; `nats` is None where commands come over gRPC."""

    worker_id: str
    simulation_id: str
    grpc_address: str
    # Which launch for its simulation this worker is, from 1.
    incarnation: int = 1
    # Given: the connection is TLS, checked against this certificate authority.
    grpc_ca_file: Path | None = None
    # None where the orchestrator takes workers without (`auth.workers: off`).
    token: str | None = None
    nats: NatsTransport | None = None
    config_file: Path | None = None
    config_content_type: str = "application/json"
    seed: int | None = None
    snapshot_dir: Path | None = None
    restore_file: Path | None = None
    # How long to keep trying to reach Shoal before giving up.
    orphan_timeout_s: float = DEFAULT_ORPHAN_TIMEOUT_MS / 1000
    # W3C trace context of the StartSimulation call.
    traceparent: str | None = None


def read_environment(variables: Mapping[str, str] = os.environ) -> WorkerEnvironment:
    """Raises WorkerEnvironmentError, which names every variable that is missing or wrong."""
    reader = _Reader(variables)
    environment = WorkerEnvironment(
        worker_id=reader.required("SHOAL_WORKER_ID", ID, ID_EXPECTATION),
        simulation_id=reader.required("SHOAL_SIMULATION_ID", ID, ID_EXPECTATION),
        grpc_address=reader.required("SHOAL_GRPC_ADDRESS", re.compile(r"[^\s/]+:\d{1,5}"), "host:port"),
        incarnation=reader.whole_number("SHOAL_INCARNATION", 1),
        grpc_ca_file=reader.path("SHOAL_GRPC_CA_FILE"),
        token=reader.token("SHOAL_WORKER_TOKEN"),
        nats=_nats(reader),
        config_file=reader.path("SHOAL_CONFIG_FILE"),
        config_content_type=reader.optional("SHOAL_CONFIG_CONTENT_TYPE") or "application/json",
        seed=reader.seed("SHOAL_SEED"),
        snapshot_dir=reader.path("SHOAL_SNAPSHOT_DIR"),
        restore_file=reader.path("SHOAL_RESTORE_FILE"),
        orphan_timeout_s=reader.whole_number("SHOAL_ORPHAN_TIMEOUT_MS", DEFAULT_ORPHAN_TIMEOUT_MS) / 1000,
        traceparent=reader.optional("TRACEPARENT"),
    )
    if reader.problems:
        raise WorkerEnvironmentError(reader.problems)
    return environment


def _nats(reader: "_Reader") -> NatsTransport | None:
    if reader.required("SHOAL_COMMAND_TRANSPORT", re.compile("nats|grpc"), "`nats` or `grpc`") != "nats":
        return None
    urls = reader.required("SHOAL_NATS_URL", re.compile(r".*\S.*"), "NATS URLs, separated by commas")
    return NatsTransport(
        urls=tuple(url.strip() for url in urls.split(",")),
        subject=reader.required("SHOAL_COMMAND_SUBJECT", re.compile(r"[^\s*>]+"), "a NATS subject without wildcards"),
        creds_file=reader.path("SHOAL_NATS_CREDS_FILE"),
        inbox_prefix=reader.optional("SHOAL_NATS_INBOX_PREFIX"),
    )


class _Reader:
    """Reads variables and gathers what is wrong with them."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.problems: list[str] = []
        self._variables = variables

    def optional(self, name: str) -> str | None:
        """An empty variable counts as absent, as shells and containers often cannot unset one."""
        return self._variables.get(name) or None

    def required(self, name: str, pattern: re.Pattern[str], expectation: str) -> str:
        value = self.optional(name)
        if value is None:
            self.problems.append(f"{name} is missing: expected {expectation}")
        elif not pattern.fullmatch(value):
            self._wrong(name, expectation)
        return value or ""

    def whole_number(self, name: str, otherwise: int) -> int:
        value = self.optional(name)
        if value is None:
            return otherwise
        if not re.fullmatch(r"[0-9]{1,15}", value):
            self._wrong(name, "a whole number")
            return otherwise
        return int(value)

    def seed(self, name: str) -> int | None:
        value = self.optional(name)
        if value is None:
            return None
        if not re.fullmatch(r"[0-9]{1,20}", value) or int(value) > MAX_SEED:
            self._wrong(name, f"a whole number from 0 to {MAX_SEED}")
            return None
        return int(value)

    def token(self, name: str) -> str | None:
        """One that HTTP/2 cannot carry would fail much later, inside the gRPC library. Its value is never shown."""
        value = self.optional(name)
        if value is not None and not re.fullmatch(r"[\x21-\x7e]+", value):
            self.problems.append(f"{name}: expected printable ASCII")
        return value

    def path(self, name: str) -> Path | None:
        value = self.optional(name)
        return None if value is None else Path(value)

    def _wrong(self, name: str, expectation: str) -> None:
        self.problems.append(f"{name} is {self._variables[name]!r}: expected {expectation}")

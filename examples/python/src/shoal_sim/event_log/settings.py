"""What the logging service can be told on its command line."""

import argparse
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True)
class Settings:
    """Durations are in seconds."""

    nats_urls: list[str]
    out: Path
    stream: str
    durable: str
    batch: int
    """Rows that are written together, at most."""
    flush_seconds: float
    """No row waits longer than that for its batch to fill."""
    ack_wait_seconds: float
    """After it the server delivers again what a process that was killed had taken."""
    until_idle_seconds: float | None
    """End when all there is has been written and nothing came for so long; None: never."""


def parse_settings(arguments: Sequence[str]) -> Settings:
    """Exits with 2 and the mistake on stderr when they are wrong."""
    parser = argparse.ArgumentParser(
        prog="python -m shoal_sim.event_log",
        description="Writes the events of Shoal's log in NATS JetStream into Parquet files, each exactly once.",
    )
    parser.add_argument("--nats", required=True, metavar="URL", help="nats://HOST:PORT, several joined by commas")
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder of the files; made if absent")
    parser.add_argument("--stream", type=_name, default="LOGGING_EVENTS", metavar="NAME")
    parser.add_argument("--durable", type=_name, default="parquet", metavar="NAME", help="the consumer's name")
    parser.add_argument("--batch", type=_positive_whole, default=5_000, metavar="ROWS")
    parser.add_argument("--flush-seconds", type=_positive, default=5.0, metavar="SECONDS")
    parser.add_argument("--ack-wait-seconds", type=_positive, default=30.0, metavar="SECONDS")
    parser.add_argument("--until-idle", type=_positive, default=None, metavar="SECONDS", help="end when nothing came")
    told = parser.parse_args(arguments)
    if told.ack_wait_seconds <= told.flush_seconds:
        parser.error("--ack-wait-seconds must be above --flush-seconds, or everything is delivered twice")
    return Settings(
        nats_urls=[url.strip() for url in told.nats.split(",")],
        out=told.out,
        stream=told.stream,
        durable=told.durable,
        batch=told.batch,
        flush_seconds=told.flush_seconds,
        ack_wait_seconds=told.ack_wait_seconds,
        until_idle_seconds=told.until_idle,
    )


def _name(text: str) -> str:
    if not _NAME.fullmatch(text):
        raise argparse.ArgumentTypeError(f"{text!r}: 1 to 64 letters, digits, `_` and `-`")
    return text


def _positive(text: str) -> float:
    number = float(text)
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text}: must be above 0")
    return number


def _positive_whole(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text}: must be 1 or more")
    return number

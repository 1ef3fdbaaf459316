"""Fetches, writes, acknowledges: in this order, so that no kill at any point loses a row or writes it twice."""

import asyncio
import logging
import time
from dataclasses import asdict, dataclass

from nats.errors import Error as NatsError

from shoal_sim.event_log.log_consumer import LogConsumer
from shoal_sim.event_log.part_folder import PartFolder
from shoal_sim.event_log.rows import Row, row_of
from shoal_sim.event_log.sequence_set import SequenceSet
from shoal_sim.event_log.settings import Settings

log = logging.getLogger(__name__)

_MAX_GATHERED_BYTES = 64 * 1024 * 1024
# The longest that a stop, or a batch that is due, waits for a fetch.
_FETCH_SECONDS = 0.5
_RETRY_SECONDS = 1.0
# How often an empty stream is told from a consumer that somebody removed.
_CHECK_SECONDS = 5.0


@dataclass
class Totals:
    """What one process has done."""

    rows: int = 0
    parts: int = 0
    rejected: int = 0
    already_kept: int = 0
    """Delivered again, and not written again."""


class EventLogService:
    """One run of the service, from `run` until it was stopped or everything is written."""

    def __init__(self, settings: Settings, folder: PartFolder, consumer: LogConsumer, stop: asyncio.Event) -> None:
        self._settings = settings
        self._folder = folder
        self._consumer = consumer
        self._stop = stop
        self._totals = Totals()
        self._kept = SequenceSet()
        self._gathered: dict[int, Row] = {}
        self._gathered_bytes = 0
        self._gathered_since = 0.0
        self._replies: list[str] = []
        self._rejected_replies: list[str] = []
        self._last_message_at = self._checked_at = time.monotonic()

    async def run(self) -> Totals:
        """Raises FolderError, ConsumerError, OSError when a disk is full; nothing unwritten is acknowledged then."""
        if not await self._open():
            return self._totals
        while not self._stop.is_set() and not await self._is_idle():
            try:
                await self._fetch()
            except NatsError as error:
                log.warning("the consumer does not answer: %r", error)
                if not await self._open():
                    break
            if self._is_due():
                await self._flush()
        await self._flush()
        log.info("done: %s", asdict(self._totals))
        return self._totals

    async def _open(self) -> bool:
        """Waits for the stream, which Shoal makes; False when it was stopped meanwhile, raises when that is idle."""
        # What was gathered and not written comes again.
        self._clear()
        told = False
        while not self._stop.is_set():
            try:
                await self._consumer.open()
                self._folder.belongs_to(self._settings.stream, self._consumer.stream_created)
                backlog = await self._consumer.backlog()
            except (NatsError, TimeoutError) as error:
                limit = self._settings.until_idle_seconds
                if limit is not None and time.monotonic() - self._last_message_at >= limit:
                    raise
                if not told:
                    log.warning("stream %s cannot be read yet, waiting: %r", self._settings.stream, error)
                told = True
                await asyncio.sleep(_RETRY_SECONDS)
                continue
            self._kept = self._folder.sequences_after(backlog.ack_floor)
            self._last_message_at = self._checked_at = time.monotonic()
            log.info(
                "reading %s after sequence %d; %d rows that follow are kept already, %d messages to go",
                self._settings.stream,
                backlog.ack_floor,
                len(self._kept),
                backlog.pending,
            )
            return True
        return False

    async def _fetch(self) -> None:
        room = self._settings.batch - len(self._gathered)
        messages = await self._consumer.fetch(room, min(_FETCH_SECONDS, self._settings.flush_seconds))
        for message in messages:
            self._gather(row_of(message), message.reply)
        if not messages and time.monotonic() - self._checked_at >= _CHECK_SECONDS:
            await self._check()

    async def _check(self) -> None:
        """Raises nats.errors.Error when the consumer is gone: nobody else would tell."""
        self._kept.discard_up_to((await self._consumer.backlog()).ack_floor)
        self._checked_at = time.monotonic()

    def _gather(self, row: Row, reply: str) -> None:
        self._last_message_at = time.monotonic()
        if not self._replies and not self._rejected_replies:
            self._gathered_since = self._last_message_at
        (self._rejected_replies if row.rejected else self._replies).append(reply)
        if row.sequence in self._kept or row.sequence in self._gathered:
            self._totals.already_kept += 1
            return
        self._gathered[row.sequence] = row
        self._gathered_bytes += row.size_bytes

    def _is_due(self) -> bool:
        taken = len(self._replies) + len(self._rejected_replies)
        return taken > 0 and (
            taken >= self._settings.batch
            or self._gathered_bytes >= _MAX_GATHERED_BYTES
            or time.monotonic() - self._gathered_since >= self._settings.flush_seconds
        )

    async def _flush(self) -> None:
        """Durable first, acknowledged then."""
        if self._gathered:
            rows = list(self._gathered.values())
            # In a thread: the connection must answer pings meanwhile.
            self._totals.parts += await asyncio.to_thread(self._folder.write, rows)
            self._totals.rows += sum(not row.rejected for row in rows)
            self._totals.rejected += sum(row.rejected for row in rows)
            self._kept.add(self._gathered)
        try:
            await self._consumer.acknowledge(self._replies)
            await self._consumer.terminate(self._rejected_replies)
        except NatsError as error:
            log.warning("could not acknowledge what is written, it will come again: %r", error)
        self._clear()

    def _clear(self) -> None:
        self._gathered.clear()
        self._gathered_bytes = 0
        self._replies.clear()
        self._rejected_replies.clear()

    async def _is_idle(self) -> bool:
        limit = self._settings.until_idle_seconds
        if limit is None or time.monotonic() - self._last_message_at < limit:
            return False
        await self._flush()
        try:
            return (await self._consumer.backlog()).pending == 0
        except (NatsError, TimeoutError):
            return False

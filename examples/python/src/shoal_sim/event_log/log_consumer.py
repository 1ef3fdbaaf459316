"""The durable pull consumer of the stream that Shoal logs into."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC
from typing import Self

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import AckPolicy, ConsumerConfig, ConsumerInfo, DeliverPolicy
from nats.js.client import JetStreamContext
from nats.js.errors import NotFoundError

from shoal_sim.event_log.rows import LoggedMessage
from shoal_sim.event_log.settings import Settings

log = logging.getLogger(__name__)

# A fetch takes no more messages than fit into this if each were as large as the server allows.
_MAX_FETCH_BYTES = 64 * 1024 * 1024
_RETRY_SECONDS = 1.0
_REQUEST_TIMEOUT_SECONDS = 10.0

_ACK = b"+ACK"
_TERMINATE = b"+TERM"


class ConsumerError(Exception):
    """The consumer that is there cannot be used; the message says why and what to do."""


@dataclass(frozen=True)
class Backlog:
    """Where the consumer is."""

    ack_floor: int
    """All sequences up to it are acknowledged and never come again."""
    pending: int
    """Messages that were not delivered yet, or were and are not acknowledged."""


class LogConsumer:
    """Reads the stream at least once: what is not acknowledged comes again, also to the next process."""

    def __init__(self, settings: Settings, client: Client) -> None:
        self._settings = settings
        self._client = client
        self._jetstream = client.jetstream(timeout=_REQUEST_TIMEOUT_SECONDS)
        self._subscription: JetStreamContext.PullSubscription | None = None
        self.stream_created = ""
        """When the stream was made; another time is another stream, whose sequences mean something else."""

    @classmethod
    async def connect(cls, settings: Settings) -> Self:
        """Keeps trying, also after a connection was lost."""
        client = await nats.connect(
            settings.nats_urls,
            name="shoal-event-log",
            max_reconnect_attempts=-1,
            reconnect_time_wait=_RETRY_SECONDS,
            error_cb=_log_error,
        )
        return cls(settings, client)

    async def open(self) -> None:
        """
        Finds the stream, makes the consumer or takes it over.

        Raises NotFoundError where the stream is not there, ConsumerError where the consumer is of another kind.
        """
        stream = await self._jetstream.stream_info(self._settings.stream)
        self.stream_created = stream.created.astimezone(UTC).isoformat() if stream.created else ""
        wanted = ConsumerConfig(
            durable_name=self._settings.durable,
            ack_policy=AckPolicy.EXPLICIT,
            deliver_policy=DeliverPolicy.ALL,
            ack_wait=self._settings.ack_wait_seconds,
            # Room for a batch that is gathered and for one that a killed process had taken.
            max_ack_pending=max(1_000, 4 * self._settings.batch),
        )
        present = await self._present()
        if present is not None:
            if present.deliver_subject is not None or present.ack_policy != AckPolicy.EXPLICIT:
                raise ConsumerError(
                    f"consumer {self._settings.durable} of stream {self._settings.stream} is not a pull consumer "
                    f"with explicit acknowledgement: name another one with --durable"
                )
            wanted = present.evolve(ack_wait=wanted.ack_wait, max_ack_pending=wanted.max_ack_pending)
        await self._jetstream.add_consumer(self._settings.stream, wanted)
        if self._subscription is not None:
            await self._subscription.unsubscribe()
        self._subscription = await self._jetstream.pull_subscribe_bind(
            self._settings.durable, stream=self._settings.stream
        )

    async def fetch(self, limit: int, timeout_seconds: float) -> list[LoggedMessage]:
        """
        At most about `limit`; none when nothing came in time, which may also mean that the consumer is gone.

        Raises nats.errors.Error where the server says no; `open` then tells whether to go on.
        """
        assert self._subscription is not None, "open was not called"
        limit = max(1, min(limit, _MAX_FETCH_BYTES // max(1, self._client.max_payload)))
        try:
            return [_logged(message) for message in await self._subscription.fetch(limit, timeout_seconds)]
        except TimeoutError:
            return []

    async def acknowledge(self, replies: Iterable[str]) -> None:
        """One that is lost on its way does no harm: the message comes again, and its sequence is known by then."""
        await self._answer(replies, _ACK)

    async def terminate(self, replies: Iterable[str]) -> None:
        """Acknowledges messages that were not understood."""
        await self._answer(replies, _TERMINATE)

    async def backlog(self) -> Backlog:
        """Raises nats.errors.Error while the server cannot be asked."""
        info = await self._jetstream.consumer_info(self._settings.stream, self._settings.durable)
        floor = info.ack_floor.stream_seq if info.ack_floor else 0
        return Backlog(ack_floor=floor, pending=(info.num_pending or 0) + (info.num_ack_pending or 0))

    async def close(self) -> None:
        """Sends what is still to be sent, then hangs up."""
        try:
            await self._client.flush(timeout=int(_REQUEST_TIMEOUT_SECONDS))
        except (NatsError, TimeoutError) as error:
            log.warning("the last acknowledgements may come again: %r", error)
        await self._client.close()

    async def _answer(self, replies: Iterable[str], answer: bytes) -> None:
        for reply in replies:
            await self._client.publish(reply, answer)

    async def _present(self) -> ConsumerConfig | None:
        try:
            info: ConsumerInfo = await self._jetstream.consumer_info(self._settings.stream, self._settings.durable)
        except NotFoundError:
            return None
        return info.config


def _logged(message: Msg) -> LoggedMessage:
    # $JS.ACK.[DOMAIN.HASH.]STREAM.CONSUMER.DELIVERED.SEQUENCE.CONSUMER_SEQUENCE.NANOSECONDS.PENDING[.TOKEN]
    # Read here because `message.metadata` rounds the time through a float.
    tokens = message.reply.split(".")
    at = 5 if len(tokens) == 9 else 7
    return LoggedMessage(
        sequence=int(tokens[at]),
        logged_at_ns=int(tokens[at + 2]),
        subject=message.subject,
        reply=message.reply,
        data=message.data,
    )


async def _log_error(error: Exception) -> None:
    log.warning("nats: %r", error)

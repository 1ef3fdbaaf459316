"""Commands on a NATS subject."""

import asyncio
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import TimeoutError as FutureTimeoutError
from typing import Any, TypeVar

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError

from .command_source import OnCommand, OnEnd
from .ending import ConnectionFailedError, Ending
from .environment import NatsTransport

CONNECT_TIMEOUT_S = 10.0
# A PING that was under way when the connection broke is never answered: ask again after this long.
FLUSH_TIMEOUT_S = 1
RECONNECT_WAIT_S = 0.25
# A half-open connection would otherwise go unnoticed for minutes, and its commands with it.
PING_INTERVAL_S = 10
CLOSE_TIMEOUT_S = 2.0

T = TypeVar("T")


class NatsCommandSource:
    """See CommandSource. The client runs in a thread of its own; it reconnects and subscribes again by itself for as
    long as the worker lives. Commands missed meanwhile come again, as Shoal resends them until acknowledged.
    """

    def __init__(self, transport: NatsTransport, log: Callable[[str], None]) -> None:
        self._transport = transport
        self._log = log
        self._client: Client | None = None
        self._on_command: OnCommand = lambda _: None
        self._on_end: OnEnd = lambda _: None
        self._loop = asyncio.new_event_loop()
        threading.Thread(target=self._loop.run_forever, name="shoal-nats", daemon=True).start()

    def subscribe(self, on_command: OnCommand, on_end: OnEnd) -> Callable[[], None]:
        self._on_command, self._on_end = on_command, on_end
        try:
            self._call(self._subscribed(), CONNECT_TIMEOUT_S + 1)
        except (OSError, NatsError, TimeoutError, FutureTimeoutError) as error:
            raise ConnectionFailedError(Ending(f"NATS does not answer: {error or type(error).__name__}")) from error

        # Kept over registrations: there is nothing to cancel short of closing the connection.
        return lambda: None

    def close(self) -> None:
        self._on_command, self._on_end = lambda _: None, lambda _: None
        try:
            if self._client is not None:
                self._call(self._client.close(), CLOSE_TIMEOUT_S)
        except (OSError, NatsError, TimeoutError, FutureTimeoutError) as error:
            self._log(f"closing the NATS connection failed: {error}")
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _subscribed(self) -> None:
        deadline_s = time.monotonic() + CONNECT_TIMEOUT_S
        async with asyncio.timeout(CONNECT_TIMEOUT_S):
            if self._client is None:
                client = await self._connected()
                await client.subscribe(self._transport.subject, cb=self._receive)
                self._client = client
            # The server knows of the subscription once it has answered a flush.
            while True:
                try:
                    return await self._client.flush(FLUSH_TIMEOUT_S)
                except (NatsError, OSError):
                    if time.monotonic() > deadline_s:
                        raise
                    await asyncio.sleep(RECONNECT_WAIT_S)

    async def _connected(self) -> Client:
        options: dict[str, Any] = {}
        if self._transport.creds_file is not None:
            options["user_credentials"] = str(self._transport.creds_file)
        if self._transport.inbox_prefix is not None:
            options["inbox_prefix"] = self._transport.inbox_prefix
        return await nats.connect(
            servers=list(self._transport.urls),
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_WAIT_S,
            ping_interval=PING_INTERVAL_S,
            error_cb=self._failed,
            closed_cb=self._closed,
            **options,
        )

    async def _receive(self, message: Msg) -> None:
        self._on_command(message.data)

    async def _failed(self, error: Exception) -> None:
        self._log(f"NATS: {error or type(error).__name__}")

    async def _closed(self) -> None:
        self._on_end(Ending("the NATS connection was closed", final=True))

    def _call(self, coroutine: Coroutine[Any, Any, T], timeout_s: float) -> T:
        future = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        try:
            return future.result(timeout_s)
        finally:
            future.cancel()

"""The logging service as a command."""

import asyncio
import json
import logging
import signal
import sys
from collections.abc import Coroutine
from dataclasses import asdict

from nats.errors import Error as NatsError

from shoal_sim.event_log.log_consumer import ConsumerError, LogConsumer
from shoal_sim.event_log.part_folder import FolderError, PartFolder
from shoal_sim.event_log.service import EventLogService, Totals
from shoal_sim.event_log.settings import Settings, parse_settings


async def serve(settings: Settings) -> Totals:
    """Runs the service until SIGTERM or SIGINT, or until it is idle."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with PartFolder(settings.out) as folder:
        consumer = await _unless(stop, LogConsumer.connect(settings), settings.until_idle_seconds)
        if consumer is None:
            return Totals()
        try:
            return await EventLogService(settings, folder, consumer, stop).run()
        finally:
            await consumer.close()


async def _unless(
    stop: asyncio.Event, connecting: Coroutine[None, None, LogConsumer], timeout_seconds: float | None
) -> LogConsumer | None:
    """The connection; None when it was stopped before there was one. Raises TimeoutError."""
    connection = asyncio.ensure_future(connecting)
    stopped = asyncio.ensure_future(stop.wait())
    await asyncio.wait({connection, stopped}, timeout=timeout_seconds, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if connection.done():
        return connection.result()
    connection.cancel()
    if stop.is_set():
        return None
    raise TimeoutError("no NATS server could be reached")


def main() -> int:
    """Exit code 0: stopped or idle, everything that was taken is written; 1: it could not go on."""
    settings = parse_settings(sys.argv[1:])
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    try:
        totals = asyncio.run(serve(settings))
    except (FolderError, ConsumerError, NatsError, TimeoutError, OSError) as error:
        print(f"event log: {error}", file=sys.stderr)
        return 1
    print(json.dumps(asdict(totals)))
    return 0


if __name__ == "__main__":
    sys.exit(main())

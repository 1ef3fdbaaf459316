"""What the author of a worker wants to be told, and asked for."""

import sys

from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import RejectedEvent

from .options import WorkerOptions


class Callbacks:
    """Called from the threads of the connection, which must live on whatever a callback raises: it is logged."""

    def __init__(self, options: WorkerOptions) -> None:
        self._options = options

    def rejected(self, event: RejectedEvent) -> None:
        if self._options.on_rejected is None:
            self.log(f"event {event.event_id} was rejected ({event.code}): {event.message}")
            return
        try:
            self._options.on_rejected(event.event_id, event.code, event.message)
        except Exception as error:
            self.log(f"on_rejected failed for event {event.event_id}: {error!r}")

    def gauges(self) -> dict[str, float]:
        """Empty where there are none, and where they failed."""
        if self._options.gauges is None:
            return {}
        try:
            return {str(name): float(value) for name, value in self._options.gauges().items()}
        except Exception as error:
            self.log(f"gauges failed, and the heartbeat goes without: {error!r}")
            return {}

    def log(self, message: str) -> None:
        try:
            if self._options.log is not None:
                self._options.log(message)
            else:
                print(f"shoal_sim.worker: {message}", file=sys.stderr, flush=True)
        except Exception:
            # There is nowhere to say so. When Shoal is gone, so is the reader of stderr; that is no reason to end.
            return

"""Tells Shoal every interval that the worker is alive and where it is."""

import threading
from collections.abc import Callable
from typing import Any

import grpc

from shoal_sim._proto.fes.orchestration.v1.worker_service_pb2 import HeartbeatResponse

from .ending import Ending, ending_of
from .service import WorkerService

# One lost heartbeat is an accident, two in a row are a dead connection that nothing else has noticed.
MISSES_UNTIL_BROKEN = 2
LAST_TIMEOUT_S = 2.0


class Heartbeat:
    """In a thread of its own, so that a long tick does not hold it up; one heartbeat at a time."""

    def __init__(
        self,
        service: WorkerService,
        figures: Callable[[], dict[str, Any]],
        on_answer: Callable[[HeartbeatResponse], None],
        on_broken: Callable[[Ending], None],
    ) -> None:
        """`figures`: where the worker is as of now, as fields of HeartbeatRequest. `on_broken`: Shoal does not answer,
        or does not know this worker, and the connection is of no use.
        """
        self._service = service
        self._figures = figures
        self._on_answer = on_answer
        self._on_broken = on_broken
        self._changed = threading.Condition()
        self._beating = threading.Lock()
        self._thread: threading.Thread | None = None
        self._interval_s = 0.0
        self._misses = 0
        # Rises with every registration.
        self._registration = 0

    def start(self, interval_s: float) -> None:
        """The first comes at once. 0: none. Called again after each registration."""
        with self._changed:
            self._interval_s = interval_s
            self._misses = 0
            self._registration += 1
            self._changed.notify_all()
            if self._thread is None and interval_s > 0:
                self._thread = threading.Thread(target=self._run, name="shoal-heartbeat", daemon=True)
                self._thread.start()

    def last(self) -> None:
        """Tells the figures once more, as the last thing that this worker says; that it fails no longer matters."""
        if self._interval_s == 0:
            return
        self.stop()
        with self._beating:
            try:
                self._service.heartbeat(LAST_TIMEOUT_S, **self._figures())
            except grpc.RpcError:
                return

    def stop(self) -> None:
        self.start(0)

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._interval_s > 0)
                registration = self._registration
            with self._beating:
                if self._interval_s > 0:
                    self._beat(registration)
            self._wait(registration)

    def _wait(self, registration: int) -> None:
        """For the interval; a new registration, and an end, cut it short."""
        with self._changed:
            self._changed.wait_for(lambda: self._registration != registration, self._interval_s)

    def _beat(self, registration: int) -> None:
        figures = self._figures()
        try:
            answer = self._service.heartbeat(**figures)
        except grpc.RpcError as error:
            self._missed(ending_of("a heartbeat was refused", error), registration)
            return
        except ValueError:
            # The channel was closed meanwhile.
            return
        with self._changed:
            self._misses = 0
            if self._interval_s > 0 and answer.heartbeat_interval_ms > 0:
                self._interval_s = answer.heartbeat_interval_ms / 1000
        self._on_answer(answer)

    def _missed(self, ending: Ending, registration: int) -> None:
        with self._changed:
            # One that was sent before the last registration says nothing of the present connection.
            if self._interval_s == 0 or registration != self._registration:
                return
            if ending.code is grpc.StatusCode.UNIMPLEMENTED:
                self._interval_s = 0
                return
            self._misses += 1
            unknown = ending.final or ending.code is grpc.StatusCode.FAILED_PRECONDITION
            if not unknown and self._misses < MISSES_UNTIL_BROKEN:
                return
            self._misses = 0
        self._on_broken(ending)

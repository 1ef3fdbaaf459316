"""Hears of every change of an experiment's simulations, in the background."""

import threading
from dataclasses import dataclass
from queue import SimpleQueue
from types import TracebackType
from typing import Self

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import WatchSimulationsResponse
from shoal_sim.client import ShoalClient, ShoalError

_RETRY_SECONDS = 1.0


@dataclass(frozen=True)
class Present:
    """Ends the present state at the beginning of each watch: these simulations were there."""

    ids: frozenset[str]


class Follower:
    """Puts what WatchSimulations says into `changes`; watches again, from the present state, when it was cut off."""

    def __init__(self, client: ShoalClient, label_selector: str) -> None:
        self.changes: SimpleQueue[WatchSimulationsResponse | Present | ShoalError] = SimpleQueue()
        self._client = client
        self._selector = label_selector
        self._stop = threading.Event()
        self._watch = client.watch(label_selector=label_selector)
        self._thread = threading.Thread(target=self._follow, name="shoal-watch", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._stop.set()
        self._watch.close()
        self._thread.join()

    def _follow(self) -> None:
        while not self._stop.is_set():
            try:
                self._hear()
            except ShoalError as error:
                self.changes.put(error)
            if not self._stop.wait(_RETRY_SECONDS):
                self._watch = self._client.watch(label_selector=self._selector)
                if self._stop.is_set():
                    self._watch.close()

    def _hear(self) -> None:
        present: set[str] = set()
        for change in self._watch:
            if change.synced:
                self.changes.put(Present(frozenset(present)))
                continue
            if change.initial:
                present.add(change.simulation.simulation_id)
            self.changes.put(change)

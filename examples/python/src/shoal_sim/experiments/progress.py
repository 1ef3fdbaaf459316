"""Tells people how far the runs are, on stderr."""

import sys
from collections import Counter
from collections.abc import Sequence
from types import TracebackType
from typing import Any, Self

from tqdm import tqdm

from shoal_sim.experiments.run_record import RunRecord


class Progress:
    """A bar on a terminal, else a line for each change of a state."""

    def __init__(self, records: Sequence[RunRecord]) -> None:
        self._records = records
        self._told: dict[str, str] = {}
        self._bar: tqdm[Any] | None = None
        if sys.stderr.isatty():
            self._bar = tqdm(total=len(records), unit="run", file=sys.stderr)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.close()

    def update(self) -> None:
        """After something has changed."""
        for record in self._records:
            self._tell(record)
        if self._bar is not None:
            counts = Counter(record.state.lower() for record in self._records)
            self._bar.n = sum(record.is_over for record in self._records)
            self._bar.set_postfix(counts)

    def say(self, line: str) -> None:
        """A line of its own, above the bar; what would steer a terminal is made visible."""
        line = "".join(it if it.isprintable() else "\N{REPLACEMENT CHARACTER}" for it in line)
        if self._bar is None:
            print(line, file=sys.stderr, flush=True)
        else:
            self._bar.write(line, file=sys.stderr)

    def _tell(self, record: RunRecord) -> None:
        if self._told.get(record.planned.simulation_id, "NOT_STARTED") == record.state:
            return
        self._told[record.planned.simulation_id] = record.state
        failed = record.is_over and not record.went_as_planned
        if self._bar is None or failed:
            simulation = record.simulation
            words = [record.planned.simulation_id, record.state]
            if simulation is not None:
                words += [simulation.reason, simulation.message]
            self.say(" ".join(word for word in words if word))

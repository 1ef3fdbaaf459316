"""A complete small worker: counts, from `start` on, so many `ticks_per_second` (0: as fast as it can)."""

import json
import sys
from collections.abc import Iterable

from shoal_sim.worker import ConfigError, Event, Run, Simulation, run_simulation

DEFAULTS = {"start": 0, "ticks_per_second": 10}


class Counter(Simulation):
    def __init__(self, run: Run) -> None:
        super().__init__(run)
        config = {**DEFAULTS, **run.config}
        if config.keys() != DEFAULTS.keys():
            raise ConfigError(f"expected {' and '.join(DEFAULTS)}, not {', '.join(run.config)}")
        if not isinstance(config["start"], int):
            raise ConfigError(f"start is {config['start']!r}: expected a whole number")
        if not isinstance(config["ticks_per_second"], int | float) or config["ticks_per_second"] < 0:
            raise ConfigError(f"ticks_per_second is {config['ticks_per_second']!r}: expected a number from 0")
        self.count = config["start"]
        self.ticks_per_second = config["ticks_per_second"]

    def advance(self) -> None:
        self.count += 1

    def events(self, timestamp_ns: int) -> Iterable[Event]:
        payload = json.dumps({"count": self.count}).encode()
        yield Event("counter.tick.v1", payload, "application/json", {"tick": str(self.tick)}, timestamp_ns)


if __name__ == "__main__":
    sys.exit(run_simulation(Counter, "counter/1.0"))

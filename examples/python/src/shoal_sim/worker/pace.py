"""When the next tick is due."""

# A loop that fell behind by more does not try to catch up.
MAX_BEHIND_S = 0.25
# No thread can wait for the centuries that a tiny speed would mean.
MAX_INTERVAL_S = 86_400.0


class Pace:
    """All times are of one monotonic clock, in seconds."""

    def __init__(self, ticks_per_second: float, now_s: float) -> None:
        self.set_speed(ticks_per_second, now_s)

    def set_speed(self, ticks_per_second: float, now_s: float) -> None:
        """0: as fast as it can. The next tick is due one interval, of a day at most, from now."""
        self.ticks_per_second = ticks_per_second
        self._interval_s = min(1 / ticks_per_second, MAX_INTERVAL_S) if ticks_per_second > 0 else 0.0
        self._due_s = now_s + self._interval_s

    def wait_s(self, now_s: float) -> float:
        """How long until the next tick; 0: now."""
        return max(0.0, self._due_s - now_s) if self._interval_s else 0.0

    def ticked(self, now_s: float) -> None:
        self._due_s = max(self._due_s + self._interval_s, now_s - MAX_BEHIND_S)

"""Waiting for a condition."""

import time
from collections.abc import Callable
from typing import Any

DEADLINE_S = 20.0


def until(what: str, condition: Callable[[], Any]) -> Any:
    """Looks again and again until the condition gives something true, and returns it."""
    deadline_s = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline_s:
        value = condition()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"not within {DEADLINE_S} s: {what}")

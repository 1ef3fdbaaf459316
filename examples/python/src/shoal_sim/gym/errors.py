"""The exception of the environments."""

from collections.abc import Iterator
from contextlib import contextmanager

from shoal_sim.client import ShoalError


class FleetError(Exception):
    """The simulations cannot go on; the message says why and what to do."""


@contextmanager
def fleet_errors() -> Iterator[None]:
    """Turns what the client raises within into FleetError."""
    try:
        yield
    except ShoalError as error:
        raise FleetError(str(error)) from error

"""Where a worker's commands come from."""

from collections.abc import Callable
from typing import Protocol

from .ending import Ending

OnCommand = Callable[[bytes], None]
OnEnd = Callable[[Ending], None]


class CommandSource(Protocol):
    """One for the life of a worker."""

    def subscribe(self, on_command: OnCommand, on_end: OnEnd) -> Callable[[], None]:
        """Returns once commands arrive, which must be before the worker registers; called for every registration.

        Gives back how to cancel it. Raises ConnectionFailedError. `on_end` is called at most once, when no more
        commands will come through this subscription.
        """
        ...

    def close(self) -> None:
        """No command arrives after it returns."""
        ...

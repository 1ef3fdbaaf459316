"""What ends a worker."""

from collections.abc import Sequence


class WorkerEnvironmentError(Exception):
    """The environment is not that of a worker launched by Shoal; `problems` names all that is wrong."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n  ".join(["the environment is not one that Shoal launches workers with:", *problems]))


class WorkerLostError(Exception):
    """The worker was refused, replaced by a newer one, or could not reach Shoal for the orphan timeout.

    Nothing that it does counts any more; it should exit.
    """

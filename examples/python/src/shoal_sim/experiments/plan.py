"""What a plan says, once it was found to be right."""

import hashlib
import json
from dataclasses import dataclass, field
from pathlib import Path

EXPERIMENT_LABEL = "shoal-sim.experiment"
RUN_LABEL = "shoal-sim.run"


class PlanError(Exception):
    """The plan has mistakes, a line for each."""

    def __init__(self, mistakes: list[str]) -> None:
        super().__init__("\n".join(mistakes))
        self.mistakes = mistakes


@dataclass(frozen=True)
class PlannedRun:
    """One run, its configuration complete."""

    simulation_id: str
    run_id_suffix: str
    worker_type: str
    config: dict[str, object]
    seed: int | None = None
    labels: dict[str, str] = field(default_factory=dict)
    max_run_seconds: float | None = None

    @property
    def fingerprint(self) -> str:
        """The same for the same run only: tells a run that is to be attached to from another one under its id."""
        told = [self.simulation_id, self.worker_type, self.config, self.seed, self.labels, self.max_run_seconds]
        return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:32]


@dataclass(frozen=True)
class Plan:
    """All runs of an experiment, in the order of the file."""

    file: Path
    sha256: str
    """Of the plan's file."""
    base_config_sha256: str
    experiment_name: str
    worker_type: str
    runs: list[PlannedRun]

"""What is known of a run of the plan."""

from dataclasses import dataclass
from datetime import UTC, datetime

from google.protobuf.timestamp_pb2 import Timestamp

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation, SimulationState
from shoal_sim.client.states import is_over, state_name
from shoal_sim.experiments.plan import PlannedRun


@dataclass
class RunRecord:
    """A planned run, and the simulation that it became."""

    planned: PlannedRun
    simulation: Simulation | None = None
    """As last heard of; None before it was started."""
    attached: bool = False
    """Whether it was there already, from an earlier call with the same plan."""
    removed: bool = False
    """Whether its record was removed before it was over."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will happen; nobody can say what became of one that is LOST, and nobody waits for it."""
        if self.simulation is None:
            return False
        lost = self.simulation.state == SimulationState.SIMULATION_STATE_LOST
        return self.removed or lost or is_over(self.simulation)

    @property
    def is_active(self) -> bool:
        """Started, and not over."""
        return self.simulation is not None and not self.is_over

    @property
    def went_as_planned(self) -> bool:
        """Completed, or stopped because its time was over."""
        if self.removed or self.simulation is None:
            return False
        if self.simulation.state == SimulationState.SIMULATION_STATE_COMPLETED:
            return True
        stopped = self.simulation.state == SimulationState.SIMULATION_STATE_STOPPED
        return stopped and self.simulation.reason == "MAX_RUN_TIME"

    @property
    def state(self) -> str:
        """Such as `RUNNING`; `NOT_STARTED` before."""
        if self.removed:
            return "REMOVED"
        return "NOT_STARTED" if self.simulation is None else state_name(self.simulation.state)

    def to_json(self) -> dict[str, object]:
        """Its entry in the manifest."""
        simulation = self.simulation or Simulation()
        return {
            "simulation_id": self.planned.simulation_id,
            "run_id_suffix": self.planned.run_id_suffix,
            "config": self.planned.config,
            "seed": self.planned.seed,
            "labels": self.planned.labels,
            "max_run_seconds": self.planned.max_run_seconds,
            "fingerprint": self.planned.fingerprint,
            "attached": self.attached,
            "state": self.state,
            "as_planned": self.went_as_planned,
            "reason": simulation.reason,
            "message": simulation.message,
            "exit_code": simulation.exit_code if simulation.HasField("exit_code") else None,
            "exit_signal": simulation.exit_signal or None,
            "started_at": _time(simulation, "started_at"),
            "ended_at": _time(simulation, "ended_at"),
            "events_logged": simulation.events_logged,
            "last_tick": simulation.last_tick,
        }


def _time(simulation: Simulation, name: str) -> str | None:
    if not simulation.HasField(name):
        return None
    stamp: Timestamp = getattr(simulation, name)
    return stamp.ToDatetime(UTC).isoformat()


def now() -> str:
    """As the other times of the manifest."""
    return datetime.now(UTC).isoformat()

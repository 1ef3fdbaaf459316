import pytest

from shoal_sim._proto.fes.orchestration.v1.simulation_pb2 import Simulation
from shoal_sim.experiments.plan import PlannedRun
from shoal_sim.experiments.run_record import RunRecord

RUN = PlannedRun(simulation_id="e-r", run_id_suffix="r", worker_type="fish", config={})


@pytest.mark.parametrize(
    ("state", "reason", "over", "planned"),
    [
        ("RUNNING", "", False, False),
        ("COMPLETED", "COMPLETED", True, True),
        ("STOPPED", "MAX_RUN_TIME", True, True),
        ("STOPPED", "STOPPED_BY_REQUEST", True, False),
        ("FAILED", "WORKER_CRASHED", True, False),
        ("LOST", "OWNER_GONE", True, False),
    ],
)
def test_a_run_went_as_planned_when_it_completed_or_its_time_was_over(
    state: str, reason: str, over: bool, planned: bool
) -> None:
    simulation = Simulation(state=f"SIMULATION_STATE_{state}", reason=reason)
    record = RunRecord(RUN, simulation)
    assert (record.state, record.is_over, record.went_as_planned) == (state, over, planned)


def test_a_run_that_was_not_started_is_neither_over_nor_active() -> None:
    record = RunRecord(RUN)
    assert (record.state, record.is_over, record.is_active) == ("NOT_STARTED", False, False)
    assert record.to_json()["started_at"] is None

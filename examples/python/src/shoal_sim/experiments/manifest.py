"""The file that says what became of the runs of a plan."""

import json
import os
from collections.abc import Iterable
from pathlib import Path

from shoal_sim.experiments.plan import Plan
from shoal_sim.experiments.run_record import RunRecord, now


def write_manifest(file: Path, plan: Plan, address: str, records: Iterable[RunRecord]) -> None:
    """Replaces the file as a whole: whoever reads it sees the old one or the new one."""
    runs = list(records)
    content = {
        "experiment_name": plan.experiment_name,
        "worker_type": plan.worker_type,
        "plan": str(plan.file),
        "plan_sha256": plan.sha256,
        "base_config_sha256": plan.base_config_sha256,
        "address": address,
        "written_at": now(),
        "complete": all(record.is_over for record in runs),
        "runs": [record.to_json() for record in runs],
    }
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as opened:
        json.dump(content, opened, indent=2)
        opened.write("\n")
        opened.flush()
        os.fsync(opened.fileno())
    temporary.rename(file)

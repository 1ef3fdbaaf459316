"""One call of a plan: starts what is not there yet, and follows all to the end."""

from collections import deque
from pathlib import Path
from queue import Empty
from time import monotonic

import grpc

from shoal_sim._proto.fes.orchestration.v1.client_service_pb2 import WatchSimulationsResponse
from shoal_sim.client import ShoalClient, ShoalError, commands
from shoal_sim.experiments.follower import Follower, Present
from shoal_sim.experiments.manifest import write_manifest
from shoal_sim.experiments.plan import EXPERIMENT_LABEL, RUN_LABEL, Plan
from shoal_sim.experiments.progress import Progress
from shoal_sim.experiments.run_record import RunRecord
from shoal_sim.experiments.starter import attach, check_worker_type, start

# Others may free the room that Shoal had not, without our hearing of it.
_ROOM_RETRY_SECONDS = 2.0
# A plan of thousands of runs changes often.
_SAVE_SECONDS = 1.0
# A daemon that is restarted is back by then.
_GIVE_UP_SECONDS = 60.0
_LOOK_SECONDS = 0.5


class Experiment:
    """Made, prepared, run; `stop_runs`, `finish` and `save` may come at any time after that."""

    def __init__(self, plan: Plan, client: ShoalClient, address: str, parallel: int | None, manifest: Path) -> None:
        self.records = [RunRecord(planned) for planned in plan.runs]
        self._plan = plan
        self._client = client
        self._address = address
        self._parallel = len(plan.runs) if parallel is None else parallel
        self._manifest = manifest
        self._by_id = {record.planned.simulation_id: record for record in self.records}
        self._to_start: deque[RunRecord] = deque()
        self._no_room_until = 0.0
        self._unreachable_since: float | None = None
        self._changed = True
        self._saved_at = 0.0

    def prepare(self) -> None:
        """Checks the plan against the daemon, and attaches to what is there. Raises PlanError; nothing is started."""
        check_worker_type(self._client, self._plan.worker_type)
        for record in self.records:
            attach(self._client, record)
        self._to_start.extend(record for record in self.records if record.simulation is None)

    def run(self, progress: Progress) -> None:
        """Until all runs are over. Raises ShoalError when the daemon refuses what it must not, or stays away."""
        selector = f"{EXPERIMENT_LABEL}={self._plan.experiment_name}"
        with Follower(self._client, selector) as follower:
            while self._to_start or any(record.is_active for record in self.records):
                self._start_some(progress)
                if self._changed and monotonic() - self._saved_at >= _SAVE_SECONDS:
                    self.save()
                try:
                    change = follower.changes.get(timeout=_LOOK_SECONDS)
                except Empty:
                    continue
                if isinstance(change, ShoalError):
                    self._cut_off(change, progress)
                    continue
                self._unreachable_since = None
                if self._compare(change, progress) if isinstance(change, Present) else self._take(change):
                    self._changed = True
                    progress.update()

    def stop_runs(self) -> None:
        """Stops all that are not over, and waits until they have ended."""
        # One whose start was interrupted may be there without our knowing; an id that is not there does no harm.
        ids = [record.planned.simulation_id for record in self.records if not record.is_over]
        if ids:
            self._client.control_many(commands.stop(), simulation_ids=ids)

    def finish(self) -> None:
        """Asks for the last figures, for those of a watch are as of a change of state."""
        for record in self.records:
            if record.removed:
                continue
            try:
                simulation = self._client.get(record.planned.simulation_id)
                if simulation.labels.get(RUN_LABEL) == record.planned.fingerprint:
                    record.simulation = simulation
            except ShoalError as error:
                # What was heard of it last is better than nothing.
                if error.code not in (grpc.StatusCode.NOT_FOUND, grpc.StatusCode.UNAVAILABLE):
                    raise

    def save(self) -> None:
        """Writes the manifest."""
        write_manifest(self._manifest, self._plan, self._address, self.records)
        self._changed = False
        self._saved_at = monotonic()

    def _start_some(self, progress: Progress) -> None:
        while self._to_start and monotonic() >= self._no_room_until:
            if sum(record.is_active for record in self.records) >= self._parallel:
                return
            record = self._to_start[0]
            try:
                simulation = start(self._client, record.planned)
            except ShoalError as error:
                if error.code != grpc.StatusCode.UNAVAILABLE:
                    raise
                self._cut_off(error, progress)
                self._no_room_until = monotonic() + _ROOM_RETRY_SECONDS
                return
            if simulation is None:
                if self._no_room_until == 0.0:
                    progress.say(f"no room for {record.planned.simulation_id} now: waiting until a run ends")
                self._no_room_until = monotonic() + _ROOM_RETRY_SECONDS
                return
            self._to_start.popleft()
            record.simulation = simulation
            self._changed = True
            progress.update()

    def _cut_off(self, error: ShoalError, progress: Progress) -> None:
        """Raises the error when the daemon has been away for too long."""
        if self._unreachable_since is None:
            progress.say(f"trying again: {error}")
            self._unreachable_since = monotonic()
        elif monotonic() - self._unreachable_since > _GIVE_UP_SECONDS:
            raise error

    def _compare(self, present: Present, progress: Progress) -> bool:
        """Whether a run was removed while nothing was heard: it is not among the present ones, and no change tells."""
        removed = False
        for record in self.records:
            if not record.is_active or record.planned.simulation_id in present.ids:
                continue
            try:
                # One that was started a moment ago may be missing there.
                simulation = self._client.get(record.planned.simulation_id)
                record.removed = simulation.labels.get(RUN_LABEL) != record.planned.fingerprint
            except ShoalError as error:
                if error.code == grpc.StatusCode.UNAVAILABLE:
                    # The watch breaks as well, and the next one is compared again.
                    self._cut_off(error, progress)
                    return removed
                if error.code != grpc.StatusCode.NOT_FOUND:
                    raise
                record.removed = True
            removed = removed or record.removed
        if removed:
            self._no_room_until = min(self._no_room_until, monotonic())
        return removed

    def _take(self, change: WatchSimulationsResponse) -> bool:
        """Whether it says something new of a run."""
        record = self._by_id.get(change.simulation.simulation_id)
        if record is None or record.simulation is None:
            return False
        if change.deleted:
            record.removed = not record.is_over
        elif change.simulation.revision > record.simulation.revision:
            record.simulation = change.simulation
        else:
            return False
        if record.is_over:
            # Its place is free.
            self._no_room_until = min(self._no_room_until, monotonic())
        return True

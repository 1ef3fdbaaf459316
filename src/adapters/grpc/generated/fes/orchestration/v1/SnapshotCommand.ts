// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Write the run's state to the worker's snapshot folder. Key `orchestrator.control.snapshot`; allowed in RUNNING and
 * PAUSED. The acknowledgement names it in `snapshot_ref`.
 */
export interface SnapshotCommand {
  /**
   * What to call the snapshot; empty: the worker chooses.
   */
  'name'?: (string) | undefined;
}

/**
 * Write the run's state to the worker's snapshot folder. Key `orchestrator.control.snapshot`; allowed in RUNNING and
 * PAUSED. The acknowledgement names it in `snapshot_ref`.
 */
export interface SnapshotCommandOutput {
  /**
   * What to call the snapshot; empty: the worker chooses.
   */
  'name': (string);
}

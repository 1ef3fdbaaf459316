import type { WorkerId } from '../../../src/domain/ids.ts';
import type { RunConfiguration, RunFiles, WorkerFiles } from '../../../src/ports/run-files.ts';

/** Private folders that exist only as names. */
export class RecordingRunFiles implements RunFiles {
  readonly present = new Map<WorkerId, RunConfiguration>();
  /** What `prepare` rejects with. */
  failure: unknown;
  /** What `remove` rejects with. */
  removalFailure: unknown;

  async prepare(workerId: WorkerId, configuration: RunConfiguration, snapshotDir?: string): Promise<WorkerFiles> {
    if (this.failure !== undefined) throw this.failure;
    this.present.set(workerId, configuration);
    return { configFile: `/run/${workerId}/config`, snapshotDir: snapshotDir ?? `/run/${workerId}/snapshots` };
  }

  async remove(workerId: WorkerId): Promise<void> {
    if (this.removalFailure !== undefined) throw this.removalFailure;
    this.present.delete(workerId);
  }

  async leftovers(): Promise<readonly WorkerId[]> {
    return [...this.present.keys()];
  }
}

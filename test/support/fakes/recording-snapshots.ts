import type { SimulationId } from '../../../src/domain/ids.ts';
import type { SnapshotFiles, WantedSnapshot } from '../../../src/ports/snapshot-files.ts';

/** Snapshots that exist only as names; the test says which there is. */
export class RecordingSnapshots implements SnapshotFiles {
  readonly prepared: { readonly id: SimulationId; readonly isFirst: boolean }[] = [];
  readonly wanted: WantedSnapshot[] = [];
  readonly removed: SimulationId[] = [];
  /** What `find` answers. */
  newest: string | undefined;

  async prepare(id: SimulationId, isFirst: boolean): Promise<string> {
    this.prepared.push({ id, isFirst });
    return `/snapshots/${id}`;
  }

  async find(_id: SimulationId, wanted: WantedSnapshot): Promise<string | undefined> {
    this.wanted.push(wanted);
    return this.newest;
  }

  async remove(id: SimulationId): Promise<void> {
    this.removed.push(id);
  }
}

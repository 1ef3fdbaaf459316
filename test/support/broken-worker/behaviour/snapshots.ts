import { renameSync, writeFileSync } from 'node:fs';
import type { WorldState } from '../world.ts';

export interface SnapshotBehaviour {
  /** Returns when the acknowledgement may go. */
  writeSnapshot(file: string, text: string): void;
  /** How the acknowledgement names it. */
  snapshotRef(name: string): string;
  /** What the world begins with. */
  restored(state: WorldState): WorldState | undefined;
}

export const rightSnapshots: SnapshotBehaviour = {
  writeSnapshot(file, text) {
    writeFileSync(`${file}.part`, text);
    renameSync(`${file}.part`, file);
  },
  snapshotRef: (name) => name,
  restored: (state) => state,
};

import type { SnapshotFiles } from '../../ports/snapshot-files.ts';
import { ignore } from '../ignore.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';

/** Removes the snapshots of simulations that are forgotten. What cannot be removed now goes when the id is used again. */
export function removeSnapshotsWithRecords(registry: SimulationRegistry, snapshots: SnapshotFiles): void {
  registry.onChange(({ kind, after }) => {
    if (kind === 'forgotten') snapshots.remove(after.simulation.id).catch(ignore);
  });
}

import type { SimulationId } from '../../../src/domain/ids.ts';
import type { SnapshotFiles } from '../../../src/ports/snapshot-files.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

/** How one life of the daemon keeps the snapshots of simulations: which have a folder on the disk, and their newest. */
export class SimulatedSnapshots implements SnapshotFiles {
  readonly #line: Line;
  readonly #newest: Map<SimulationId, string | undefined>;

  constructor(life: Life, disk: Backend, newest: Map<SimulationId, string | undefined>) {
    this.#line = new Line(life, disk);
    this.#newest = newest;
  }

  prepare(id: SimulationId, isFirst: boolean): Promise<string> {
    return this.#line.call({
      effect: () => {
        this.#newest.set(id, isFirst ? undefined : this.#newest.get(id));
        return `/snapshots/${id}`;
      },
    });
  }

  find(id: SimulationId): Promise<string | undefined> {
    return this.#line.call({ effect: () => this.#newest.get(id) });
  }

  remove(id: SimulationId): Promise<void> {
    return this.#line.call({ effect: () => void this.#newest.delete(id) });
  }
}

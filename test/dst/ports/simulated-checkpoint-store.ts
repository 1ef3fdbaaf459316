import type { SimulationId } from '../../../src/domain/ids.ts';
import type { LedgerState } from '../../../src/domain/ledger/ledger-state.ts';
import type { Checkpoint, CheckpointStore } from '../../../src/ports/checkpoint-store.ts';
import type { Life } from '../harness/life.ts';
import { type Backend, Line } from './backend.ts';

/** How one life of the daemon notes its ledgers; the notes lie on the disk. */
export class SimulatedCheckpointStore implements CheckpointStore {
  readonly #line: Line;
  readonly #written: Map<SimulationId, LedgerState>;

  constructor(life: Life, disk: Backend, written: Map<SimulationId, LedgerState>) {
    this.#line = new Line(life, disk);
    this.#written = written;
  }

  write(checkpoints: readonly Checkpoint[]): Promise<void> {
    return this.#line.call({
      effect: () => {
        for (const { simulationId, state } of checkpoints) this.#written.set(simulationId, state);
      },
    });
  }

  read(simulationId: SimulationId): Promise<LedgerState | undefined> {
    return this.#line.call({ effect: () => this.#written.get(simulationId) });
  }

  remove(simulationId: SimulationId): Promise<void> {
    return this.#line.call({ effect: () => void this.#written.delete(simulationId) });
  }

  keepOnly(simulationIds: Iterable<SimulationId>): Promise<void> {
    const kept = new Set(simulationIds);
    return this.#line.call({
      effect: () => {
        for (const id of [...this.#written.keys()]) if (!kept.has(id)) this.#written.delete(id);
      },
    });
  }
}

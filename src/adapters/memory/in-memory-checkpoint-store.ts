import type { SimulationId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger/ledger-state.ts';
import type { Checkpoint, CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

/** For a log that does not survive the process either. */
export class InMemoryCheckpointStore implements CheckpointStore, ManagedPart {
  readonly name = 'in-memory checkpoint store';
  readonly #states = new Map<SimulationId, LedgerState>();

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async write(checkpoints: readonly Checkpoint[]): Promise<void> {
    for (const { simulationId, state } of checkpoints) this.#states.set(simulationId, state);
  }

  async read(simulationId: SimulationId): Promise<LedgerState | undefined> {
    return this.#states.get(simulationId);
  }

  async remove(simulationId: SimulationId): Promise<void> {
    this.#states.delete(simulationId);
  }

  async keepOnly(simulationIds: Iterable<SimulationId>): Promise<void> {
    const kept = new Set(simulationIds);
    for (const id of [...this.#states.keys()]) if (!kept.has(id)) this.#states.delete(id);
  }
}

import type { SimulationId } from '../domain/ids.ts';
import type { LedgerState } from '../domain/ledger/ledger-state.ts';

export interface Checkpoint {
  readonly simulationId: SimulationId;
  readonly state: LedgerState;
}

/**
 * Where ledgers are noted now and then, so that not the whole log has to be read again after a crash. Only that: without
 * a checkpoint, or with an old one, the ledger is read from the log.
 *
 * `write` is called in the background with those that changed, one call at a time; it may reject with BUS_UNAVAILABLE, and the
 * same ones come again with the next call.
 */
export interface CheckpointStore {
  write(checkpoints: readonly Checkpoint[]): Promise<void>;
  /** Undefined also for what is written in a way that is not known. */
  read(simulationId: SimulationId): Promise<LedgerState | undefined>;
  /** Forgetting what is not there is not an error. */
  remove(simulationId: SimulationId): Promise<void>;
  /** Forgets all others. */
  keepOnly(simulationIds: Iterable<SimulationId>): Promise<void>;
}

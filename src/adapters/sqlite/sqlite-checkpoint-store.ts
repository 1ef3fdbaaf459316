import type { StatementSync } from 'node:sqlite';
import type { SimulationId } from '../../domain/ids.ts';
import type { LedgerState } from '../../domain/ledger/ledger-state.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Checkpoint, CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { Database } from './sqlite.ts';
import { StorageGuard } from './storage-guard.ts';
import { openStoreFile, type StoreFileFormat } from './store-file.ts';
import { transaction } from './transaction.ts';

const CHECKPOINT_FORMAT: StoreFileFormat = {
  what: 'checkpoint store',
  applicationId: 0x53_68_6f_4b,
  version: 1,
  schema: 'CREATE TABLE checkpoint (simulation_id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID',
};

interface OpenStore {
  readonly database: Database;
  readonly put: StatementSync;
  readonly find: StatementSync;
  readonly remove: StatementSync;
}

/** Checkpoints as an SQLite file. What it loses with the machine is read from the log again. */
export class SqliteCheckpointStore implements CheckpointStore, ManagedPart {
  readonly name = 'sqlite checkpoint store';
  readonly #file: string;
  readonly #guard: StorageGuard;
  #open: OpenStore | undefined;

  constructor({ file, log }: { readonly file: string; readonly log: Log }) {
    this.#file = file;
    this.#guard = new StorageGuard(file, log);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE */
  async start(): Promise<void> {
    if (this.#open !== undefined) return;
    const database = openStoreFile(CHECKPOINT_FORMAT, { file: this.#file, survives: 'process' });
    this.#open = {
      database,
      put: database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)'),
      find: database.prepare('SELECT state FROM checkpoint WHERE simulation_id = ?'),
      remove: database.prepare('DELETE FROM checkpoint WHERE simulation_id = ?'),
    };
  }

  async stop(): Promise<void> {
    this.#open?.database.close();
    this.#open = undefined;
  }

  async write(checkpoints: readonly Checkpoint[]): Promise<void> {
    this.#use(({ database, put }) =>
      transaction(database, () => {
        for (const { simulationId, state } of checkpoints) put.run(simulationId, JSON.stringify(state));
      }),
    );
    this.#guard.wrote();
  }

  async read(simulationId: SimulationId): Promise<LedgerState | undefined> {
    const row = this.#use(({ find }) => find.get(simulationId));
    return row === undefined ? undefined : (JSON.parse(String(row['state'])) as LedgerState);
  }

  async remove(simulationId: SimulationId): Promise<void> {
    this.#use(({ remove }) => remove.run(simulationId));
  }

  /** @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE */
  #use<T>(work: (open: OpenStore) => T): T {
    const open = this.#open;
    if (open === undefined) throw new ShoalError('SHUTTING_DOWN', 'the checkpoint store is closed; Shoal is stopping');
    return this.#guard.run(() => work(open));
  }
}

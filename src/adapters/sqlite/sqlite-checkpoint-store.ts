import type { StatementSync } from 'node:sqlite';
import type { SimulationId } from '../../domain/ids.ts';
import { asLedgerState, type LedgerState } from '../../domain/ledger/ledger-state.ts';
import type { Checkpoint, CheckpointStore } from '../../ports/checkpoint-store.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { Database } from './sqlite.ts';
import { Store } from './store.ts';
import type { StoreFileFormat } from './store-file.ts';

const CHECKPOINT_FORMAT: StoreFileFormat = {
  what: 'checkpoint store',
  applicationId: 0x53_68_6f_4b,
  version: 1,
  schema: 'CREATE TABLE checkpoint (simulation_id TEXT PRIMARY KEY, state TEXT NOT NULL) WITHOUT ROWID',
};

interface Statements {
  readonly put: StatementSync;
  readonly find: StatementSync;
  readonly remove: StatementSync;
  readonly keepOnly: StatementSync;
}

function prepare(database: Database): Statements {
  return {
    put: database.prepare('INSERT OR REPLACE INTO checkpoint VALUES (?, ?)'),
    find: database.prepare('SELECT state FROM checkpoint WHERE simulation_id = ?'),
    remove: database.prepare('DELETE FROM checkpoint WHERE simulation_id = ?'),
    keepOnly: database.prepare('DELETE FROM checkpoint WHERE simulation_id NOT IN (SELECT value FROM json_each(?))'),
  };
}

/** Checkpoints as an SQLite file. What it loses with the machine is read from the log again. */
export class SqliteCheckpointStore implements CheckpointStore, ManagedPart {
  readonly name = 'sqlite checkpoint store';
  readonly #store: Store<Statements>;

  constructor({ file, log }: { readonly file: string; readonly log: Log }) {
    this.#store = new Store(CHECKPOINT_FORMAT, { file, durability: 'acknowledged', log }, prepare);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE */
  async start(): Promise<void> {
    this.#store.open();
  }

  async stop(): Promise<void> {
    this.#store.close();
  }

  async write(checkpoints: readonly Checkpoint[]): Promise<void> {
    this.#store.write(({ put }) => {
      for (const { simulationId, state } of checkpoints) put.run(simulationId, JSON.stringify(state));
    });
  }

  async read(simulationId: SimulationId): Promise<LedgerState | undefined> {
    const row = this.#store.read(({ find }) => find.get(simulationId));
    return row === undefined ? undefined : asLedgerState(JSON.parse(String(row['state'])));
  }

  async remove(simulationId: SimulationId): Promise<void> {
    this.#store.write(({ remove }) => remove.run(simulationId));
  }

  async keepOnly(simulationIds: Iterable<SimulationId>): Promise<void> {
    this.#store.write(({ keepOnly }) => keepOnly.run(JSON.stringify([...simulationIds])));
  }
}

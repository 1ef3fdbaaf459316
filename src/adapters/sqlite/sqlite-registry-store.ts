import type { StatementSync } from 'node:sqlite';
import type { SimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import { decodeSimulation, encodeSimulation, RECORD_VERSION } from '../../domain/simulation/simulation-record.ts';
import type { Durability } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { RegistryStore, StoredSimulation } from '../../ports/registry-store.ts';
import type { Database } from './sqlite.ts';
import { StorageGuard } from './storage-guard.ts';
import { openStoreFile, type StoreFileFormat } from './store-file.ts';
import { transaction } from './transaction.ts';

/** `state.revision` keeps revisions rising when the newest records have been removed. */
const REGISTRY_FORMAT: StoreFileFormat = {
  what: 'registry',
  applicationId: 0x53_68_6f_52,
  version: 1,
  schema: `
    CREATE TABLE simulation (
      id TEXT PRIMARY KEY,
      revision INTEGER NOT NULL,
      record_version INTEGER NOT NULL,
      record TEXT NOT NULL
    ) WITHOUT ROWID;
    CREATE TABLE state (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
    INSERT INTO state VALUES ('revision', 0)
  `,
};

export interface SqliteRegistryStoreOptions {
  readonly file: string;
  readonly durability: Exclude<Durability, 'memory'>;
  readonly log: Log;
}

interface Row {
  readonly id: string;
  readonly revision: number;
  readonly record_version: number;
  readonly record: string;
}

/** The registry as an SQLite file: what a call has answered survives the process and, where it is `fsynced`, the machine. */
export class SqliteRegistryStore implements RegistryStore, ManagedPart {
  readonly name = 'sqlite registry';
  readonly #options: SqliteRegistryStoreOptions;
  readonly #guard: StorageGuard;
  #open: OpenRegistry | undefined;

  constructor(options: SqliteRegistryStoreOptions) {
    this.#options = options;
    this.#guard = new StorageGuard(options.file, options.log);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE, also for a record that cannot be read */
  async start(): Promise<void> {
    if (this.#open !== undefined) return;
    const { file, durability } = this.#options;
    const survives = durability === 'fsynced' ? 'machine' : 'process';
    const database = openStoreFile(REGISTRY_FORMAT, { file, survives });
    try {
      const open = prepare(database);
      for (const row of open.list.all()) decode(row as unknown as Row, file);
      this.#open = open;
    } catch (thrown) {
      database.close();
      throw thrown;
    }
  }

  async stop(): Promise<void> {
    this.#open?.database.close();
    this.#open = undefined;
  }

  async create(simulation: Simulation): Promise<StoredSimulation> {
    return this.#use((open) => {
      if (open.find.get(simulation.id) !== undefined) {
        throw new ShoalError('SIMULATION_EXISTS', `there is a simulation ${simulation.id} already`);
      }
      return this.#write(open, simulation);
    });
  }

  async get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#use(({ find }) => {
      const row = find.get(id);
      return row === undefined ? undefined : decode(row as unknown as Row, this.#options.file);
    });
  }

  async update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    return this.#use((open) => {
      demandRevision(open, simulation.id, expectedRevision);
      return this.#write(open, simulation);
    });
  }

  async remove(id: SimulationId, expectedRevision: number): Promise<void> {
    return this.#use((open) => {
      if (open.find.get(id) === undefined) return;
      demandRevision(open, id, expectedRevision);
      open.remove.run(id);
    });
  }

  async list(): Promise<readonly StoredSimulation[]> {
    return this.#use(({ list }) => list.all().map((row) => decode(row as unknown as Row, this.#options.file)));
  }

  #write({ nextRevision, put }: OpenRegistry, simulation: Simulation): StoredSimulation {
    const revision = Number(nextRevision.get()?.['value']);
    put.run(simulation.id, revision, RECORD_VERSION, encodeSimulation(simulation));
    this.#guard.wrote();
    return { simulation, revision };
  }

  /** @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE: nothing is stored */
  #use<T>(work: (open: OpenRegistry) => T): T {
    const open = this.#open;
    if (open === undefined) throw new ShoalError('SHUTTING_DOWN', 'the registry is closed; Shoal is stopping');
    return this.#guard.run(() => transaction(open.database, () => work(open)));
  }
}

interface OpenRegistry {
  readonly database: Database;
  readonly find: StatementSync;
  readonly list: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly nextRevision: StatementSync;
}

function prepare(database: Database): OpenRegistry {
  return {
    database,
    find: database.prepare('SELECT * FROM simulation WHERE id = ?'),
    list: database.prepare('SELECT * FROM simulation'),
    put: database.prepare('INSERT OR REPLACE INTO simulation VALUES (?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM simulation WHERE id = ?'),
    nextRevision: database.prepare("UPDATE state SET value = value + 1 WHERE name = 'revision' RETURNING value"),
  };
}

function demandRevision({ find }: OpenRegistry, id: SimulationId, expected: number): void {
  const row = find.get(id);
  if (row === undefined) throw new ShoalError('SIMULATION_NOT_FOUND', `there is no simulation ${id}`);
  if (row['revision'] !== expected) {
    throw new ShoalError('REVISION_CONFLICT', `simulation ${id} is at revision ${row['revision']}, not ${expected}`);
  }
}

function decode({ id, revision, record_version, record }: Row, file: string): StoredSimulation {
  try {
    if (record_version > RECORD_VERSION) throw new TypeError('a newer Shoal has written it');
    return { simulation: decodeSimulation(record), revision };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ShoalError(
      'DATA_DIR_UNUSABLE',
      `data_dir: the record of simulation ${id} in ${file} cannot be read: ${why}; the file was left as it is: move it away, or put a copy in its place, and start again`,
      { cause, metadata: { file, simulation_id: id } },
    );
  }
}

import type { StatementSync } from 'node:sqlite';
import type { SimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import { decodeSimulation, encodeSimulation, RECORD_VERSION } from '../../domain/simulation/simulation-record.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { RegistryStore, StoredSimulation } from '../../ports/registry-store.ts';
import type { Database } from './sqlite.ts';
import { Store, type StoreOptions } from './store.ts';
import type { StoreFileFormat } from './store-file.ts';

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

interface Row {
  readonly id: string;
  readonly revision: number;
  readonly record_version: number;
  readonly record: string;
}

/** The registry as an SQLite file: what a call has answered survives the process and, where it is `fsynced`, the machine. */
export class SqliteRegistryStore implements RegistryStore, ManagedPart {
  readonly name = 'sqlite registry';
  readonly #file: string;
  readonly #store: Store<Statements>;

  constructor(options: StoreOptions) {
    this.#file = options.file;
    this.#store = new Store(REGISTRY_FORMAT, options, prepare);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE, also for a record that cannot be read */
  async start(): Promise<void> {
    this.#store.open(({ list }) => {
      for (const row of list.all()) decode(row as unknown as Row, this.#file);
    });
  }

  async stop(): Promise<void> {
    this.#store.close();
  }

  async create(simulation: Simulation): Promise<StoredSimulation> {
    return this.#store.write((statements) => {
      if (statements.find.get(simulation.id) !== undefined) {
        throw new ShoalError('SIMULATION_EXISTS', `there is a simulation ${simulation.id} already`);
      }
      return this.#write(statements, simulation);
    });
  }

  async get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#store.read(({ find }) => {
      const row = find.get(id);
      return row === undefined ? undefined : decode(row as unknown as Row, this.#file);
    });
  }

  async update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    return this.#store.write((statements) => {
      demandRevision(statements, simulation.id, expectedRevision);
      return this.#write(statements, simulation);
    });
  }

  async remove(id: SimulationId, expectedRevision: number): Promise<void> {
    return this.#store.write((statements) => {
      if (statements.find.get(id) === undefined) return;
      demandRevision(statements, id, expectedRevision);
      statements.remove.run(id);
    });
  }

  async list(): Promise<readonly StoredSimulation[]> {
    return this.#store.read(({ list }) => list.all().map((row) => decode(row as unknown as Row, this.#file)));
  }

  #write({ nextRevision, put }: Statements, simulation: Simulation): StoredSimulation {
    const revision = Number(nextRevision.get()?.['value']);
    put.run(simulation.id, revision, RECORD_VERSION, encodeSimulation(simulation));
    return { simulation, revision };
  }
}

interface Statements {
  readonly find: StatementSync;
  readonly list: StatementSync;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly nextRevision: StatementSync;
}

function prepare(database: Database): Statements {
  return {
    find: database.prepare('SELECT * FROM simulation WHERE id = ?'),
    list: database.prepare('SELECT * FROM simulation'),
    put: database.prepare('INSERT OR REPLACE INTO simulation VALUES (?, ?, ?, ?)'),
    remove: database.prepare('DELETE FROM simulation WHERE id = ?'),
    nextRevision: database.prepare("UPDATE state SET value = value + 1 WHERE name = 'revision' RETURNING value"),
  };
}

function demandRevision({ find }: Statements, id: SimulationId, expected: number): void {
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

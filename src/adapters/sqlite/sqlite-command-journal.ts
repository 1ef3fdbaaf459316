import type { StatementSync } from 'node:sqlite';
import { fromExactJson, toExactJson } from '../../domain/exact-json.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { CommandJournal, CommandKey, JournalledCommand } from '../../ports/command-journal.ts';
import type { Durability } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { Database } from './sqlite.ts';
import { StorageGuard } from './storage-guard.ts';
import { openStoreFile, type StoreFileFormat } from './store-file.ts';
import { transaction } from './transaction.ts';

/** How long a request id is remembered: contract section 2. */
const KEEP_MS = 3_600_000;
const MAX_ENTRIES = 20_000;
const MAX_BYTES = 64 * 1024 * 1024;
/** Writes between two looks at what is too old or too much. */
const WRITES_BETWEEN_SWEEPS = 256;

const JOURNAL_FORMAT: StoreFileFormat = {
  what: 'command journal',
  applicationId: 0x53_68_6f_43,
  version: 1,
  schema: `
    CREATE TABLE command (
      scope TEXT NOT NULL,
      request_id TEXT NOT NULL,
      simulation_id TEXT NOT NULL,
      at_ms INTEGER NOT NULL,
      done INTEGER NOT NULL,
      entry TEXT NOT NULL,
      PRIMARY KEY (scope, request_id, simulation_id)
    );
    CREATE INDEX command_by_time ON command (at_ms)
  `,
};

export interface SqliteCommandJournalOptions {
  readonly file: string;
  readonly durability: Exclude<Durability, 'memory'>;
  readonly log: Log;
  /** By the wall clock. Default: that of the system. */
  readonly nowMs?: () => number;
  /** Default 20,000. */
  readonly maxEntries?: number;
}

/** The command journal as an SQLite file. */
export class SqliteCommandJournal implements CommandJournal, ManagedPart {
  readonly name = 'sqlite command journal';
  readonly #options: SqliteCommandJournalOptions;
  readonly #guard: StorageGuard;
  #open: OpenJournal | undefined;
  #untilSweep = 0;

  constructor(options: SqliteCommandJournalOptions) {
    this.#options = options;
    this.#guard = new StorageGuard(options.file, options.log);
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE */
  async start(): Promise<void> {
    if (this.#open !== undefined) return;
    const { file, durability } = this.#options;
    const survives = durability === 'fsynced' ? 'machine' : 'process';
    this.#open = prepare(openStoreFile(JOURNAL_FORMAT, { file, survives }));
  }

  async stop(): Promise<void> {
    this.#open?.database.close();
    this.#open = undefined;
  }

  async write(commands: readonly JournalledCommand[]): Promise<void> {
    this.#use((open) => {
      for (const command of commands) {
        const { scope, requestId, simulationId, atMs, result } = command;
        open.put.run(scope, requestId, simulationId, atMs, result === undefined ? 0 : 1, toExactJson(command));
      }
      this.#sweepNowAndThen(open, commands.length);
    });
    this.#guard.wrote();
  }

  async forget({ scope, requestId, simulationId }: CommandKey): Promise<void> {
    this.#use(({ remove }) => remove.run(scope, requestId, simulationId));
  }

  async list(): Promise<readonly JournalledCommand[]> {
    return this.#use((open) => {
      this.#sweep(open);
      return open.list.all().map(({ entry }) => fromExactJson(String(entry)) as JournalledCommand);
    });
  }

  #sweepNowAndThen(open: OpenJournal, writes: number): void {
    this.#untilSweep -= writes;
    if (this.#untilSweep > 0) return;
    this.#untilSweep = WRITES_BETWEEN_SWEEPS;
    this.#sweep(open);
  }

  #sweep({ removeUntil, surplus }: OpenJournal): void {
    const { nowMs = Date.now, maxEntries = MAX_ENTRIES } = this.#options;
    removeUntil.run(nowMs() - KEEP_MS);
    surplus.run(maxEntries, MAX_BYTES);
  }

  /** @throws ShoalError SHUTTING_DOWN, BUS_UNAVAILABLE: nothing is stored */
  #use<T>(work: (open: OpenJournal) => T): T {
    const open = this.#open;
    if (open === undefined) throw new ShoalError('SHUTTING_DOWN', 'the command journal is closed; Shoal is stopping');
    return this.#guard.run(() => transaction(open.database, () => work(open)));
  }
}

interface OpenJournal {
  readonly database: Database;
  readonly put: StatementSync;
  readonly remove: StatementSync;
  readonly list: StatementSync;
  readonly removeUntil: StatementSync;
  readonly surplus: StatementSync;
}

function prepare(database: Database): OpenJournal {
  return {
    database,
    // An entry keeps its place among those of its request.
    put: database.prepare(`
      INSERT INTO command VALUES (?, ?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET done = excluded.done, entry = excluded.entry
    `),
    remove: database.prepare('DELETE FROM command WHERE scope = ? AND request_id = ? AND simulation_id = ?'),
    list: database.prepare('SELECT entry FROM command ORDER BY at_ms, rowid'),
    removeUntil: database.prepare('DELETE FROM command WHERE at_ms <= ?'),
    // What is kept: those under way before those that are done, and of each the latest first.
    surplus: database.prepare(`
      DELETE FROM command WHERE rowid IN (
        SELECT id FROM (
          SELECT rowid AS id,
            row_number() OVER kept AS place,
            sum(length(entry)) OVER (kept ROWS UNBOUNDED PRECEDING) AS bytes
          FROM command WINDOW kept AS (ORDER BY done, at_ms DESC, rowid DESC)
        ) WHERE place > ? OR bytes > ?
      )
    `),
  };
}

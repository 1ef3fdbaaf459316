import { setImmediate as nextTurn } from 'node:timers/promises';
import type { SimulationId } from '../../domain/ids.ts';
import type { EventArchive, LogReader, ReadRequest } from '../../ports/event-archive.ts';
import type { AppendReceipt, Durability, EventLog, LogEntry } from '../../ports/event-log.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { AppendQueue, closing } from './append-queue.ts';
import { AppendWaiters } from './append-waiters.ts';
import { EVENT_LOG_FORMAT } from './event-log-format.ts';
import { EventTable } from './event-table.ts';
import { LogRetention, type LogRetentionOptions } from './log-retention.ts';
import type { Database } from './sqlite.ts';
import { SqliteLogReader } from './sqlite-log-reader.ts';
import { StorageGuard } from './storage-guard.ts';
import { openStoreFile } from './store-file.ts';

export interface SqliteEventLogOptions {
  readonly file: string;
  readonly durability: Exclude<Durability, 'memory'>;
  readonly retention: LogRetentionOptions;
  readonly log: Log;
  readonly nowMs?: () => number;
}

/** What there is between start and stop. */
interface OpenLog {
  readonly database: Database;
  readonly table: EventTable;
  readonly queue: AppendQueue;
  readonly retention: LogRetention;
  readonly timer: NodeJS.Timeout;
}

/** How often what has become too old is looked for while nothing is appended. */
const RETENTION_INTERVAL_MS = 1_000;
/** Events deleted at once when their simulation is removed: some 5 ms. */
const REMOVED_ROWS = 500;

/**
 * The log of a Shoal that runs alone: an SQLite file that survives the process and, where it is `fsynced`, the machine.
 *
 * SQLite is called synchronously: a transaction of 2,048 small events holds the event loop for some 10 ms, and about 200
 * thousand a second are stored (two cores, ext4). A full disk rejects appends with BUS_UNAVAILABLE until there is space;
 * each is a fresh attempt.
 */
export class SqliteEventLog implements EventLog, EventArchive, ManagedPart {
  readonly name = 'sqlite event log';
  readonly durability: Exclude<Durability, 'memory'>;
  readonly #options: SqliteEventLogOptions;
  readonly #nowMs: () => number;
  readonly #guard: StorageGuard;
  readonly #waiters = new AppendWaiters();
  #open: OpenLog | undefined;
  #trimming: Promise<void> | undefined;
  #stopping = false;

  constructor(options: SqliteEventLogOptions) {
    this.#options = options;
    this.durability = options.durability;
    this.#nowMs = options.nowMs ?? Date.now;
    this.#guard = new StorageGuard(options.file, options.log);
  }

  /** Why it cannot be written now; undefined when it can. */
  get trouble(): string | undefined {
    return this.#guard.trouble;
  }

  /** @throws ShoalError SHUTTING_DOWN before it has started and after it has stopped */
  get table(): EventTable {
    return this.#running().table;
  }

  get floor(): number {
    return this.#running().retention.floor;
  }

  /** @throws ShoalError DATA_DIR_UNUSABLE */
  async start(): Promise<void> {
    if (this.#open !== undefined) return;
    const { file, retention } = this.#options;
    const survives = this.durability === 'fsynced' ? 'machine' : 'process';
    const database = openStoreFile(EVENT_LOG_FORMAT, { file, survives });
    try {
      this.#open = this.#prepare(database, retention);
    } catch (thrown) {
      database.close();
      throw thrown;
    }
    this.#trim();
  }

  async stop(): Promise<void> {
    if (this.#stopping || this.#open === undefined) return;
    this.#stopping = true;
    const { database, queue, timer } = this.#open;
    clearInterval(timer);
    await queue.drained();
    await this.#trimming;
    this.#waiters.fail(closing());
    database.close();
  }

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    return this.#running().queue.append(batch);
  }

  async open(request: ReadRequest): Promise<LogReader> {
    return new SqliteLogReader(this, this.#position(request.from), request);
  }

  async lastSequence(): Promise<number> {
    return this.table.last;
  }

  async holds(simulationId: SimulationId): Promise<boolean> {
    const number = this.table.simulations.find(simulationId);
    return number !== undefined && this.table.holds(number);
  }

  async remove(simulationId: SimulationId): Promise<void> {
    const upTo = this.table.last;
    for (;;) {
      const { table } = this;
      const number = table.simulations.find(simulationId);
      if (number === undefined || this.#guard.run(() => table.deleteSome(number, upTo, REMOVED_ROWS)) === 0) return;
      await nextTurn();
    }
  }

  appended(simulations: ReadonlySet<SimulationId> | undefined, signal: AbortSignal): Promise<number> {
    return this.#waiters.wait(simulations, signal);
  }

  reading<T>(work: () => T): T {
    return this.#guard.run(work);
  }

  #prepare(database: Database, bounds: LogRetentionOptions): OpenLog {
    const table = new EventTable(database);
    const retention = new LogRetention(table, bounds);
    const queue = new AppendQueue({
      table,
      guard: this.#guard,
      nowMs: this.#nowMs,
      maxBytes: bounds.maxBytes ?? Number.POSITIVE_INFINITY,
      onStored: (simulations, lastBefore) => {
        this.#waiters.appended(simulations, lastBefore);
        this.#trim();
      },
    });
    const timer = setInterval(() => this.#trim(), RETENTION_INTERVAL_MS).unref();
    return { database, table, queue, retention, timer };
  }

  #running(): OpenLog {
    if (this.#open === undefined || this.#stopping) throw closing();
    return this.#open;
  }

  /** Begins to take away what retention does not keep, unless that goes on already. */
  #trim(): void {
    this.#trimming ??= this.#trimAll().finally(() => {
      this.#trimming = undefined;
    });
  }

  async #trimAll(): Promise<void> {
    try {
      while (!this.#stopping && this.#guard.run(() => this.#running().retention.step(this.#nowMs()))) await nextTurn();
    } catch {
      // Said by the guard; the next interval tries again.
    }
  }

  #position(from: ReadRequest['from']): number {
    const { table } = this;
    if (from === 'end') return table.last + 1;
    return 'sequence' in from ? Math.max(from.sequence, this.floor) : table.firstAt(from.timeMs);
  }
}

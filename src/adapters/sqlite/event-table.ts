import type { StatementSync } from 'node:sqlite';
import type { LogEntry } from '../../ports/event-log.ts';
import { NameTable } from './name-table.ts';
import type { Database } from './sqlite.ts';
import { transaction } from './transaction.ts';

/** A row without its envelope: looking at it does not read that. */
export interface EventRow {
  readonly sequence: number;
  readonly timeMs: number;
  readonly simulation: number;
  readonly eventKey: number;
  readonly simulationSequence: number;
  readonly bytes: number;
}

/** The rows of the log and what is done to them. Every call takes about as long as it touches rows, and is bounded by its arguments. */
export class EventTable {
  readonly simulations: NameTable;
  readonly eventKeys: NameTable;
  readonly #database: Database;
  readonly #insert: StatementSync;
  readonly #findId: StatementSync;
  readonly #rows: StatementSync;
  readonly #rowsOfSimulation: StatementSync;
  readonly #envelope: StatementSync;
  readonly #deleteUpTo: StatementSync;
  readonly #deleteSome: StatementSync;
  readonly #anyOf: StatementSync;
  readonly #firstFrom: StatementSync;
  readonly #saveLast: StatementSync;
  readonly #usedBytes: StatementSync;
  #last: number;
  #lastTimeMs: number;

  constructor(database: Database) {
    this.#database = database;
    this.simulations = new NameTable(database, 'simulation');
    this.eventKeys = new NameTable(database, 'event_key');
    const columns =
      'sequence, time_ms AS timeMs, simulation, event_key AS eventKey, simulation_sequence AS simulationSequence, length(envelope) AS bytes';
    this.#insert = database.prepare('INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING');
    this.#findId = database.prepare('SELECT sequence FROM event WHERE simulation = ? AND event_id = ?');
    this.#rows = database.prepare(`SELECT ${columns} FROM event WHERE sequence >= ? ORDER BY sequence LIMIT ?`);
    this.#rowsOfSimulation = database.prepare(
      `SELECT ${columns} FROM event INDEXED BY event_by_simulation WHERE simulation = ? AND sequence >= ? ORDER BY sequence LIMIT ?`,
    );
    this.#envelope = database.prepare('SELECT envelope FROM event WHERE sequence = ?');
    this.#deleteUpTo = database.prepare('DELETE FROM event WHERE sequence <= ? RETURNING simulation');
    this.#deleteSome = database.prepare(
      'DELETE FROM event WHERE sequence IN (SELECT sequence FROM event INDEXED BY event_by_simulation WHERE simulation = ? AND sequence <= ? ORDER BY sequence LIMIT ?)',
    );
    this.#anyOf = database.prepare('SELECT 1 FROM event INDEXED BY event_by_simulation WHERE simulation = ? LIMIT 1');
    this.#firstFrom = database.prepare(
      'SELECT sequence, time_ms AS timeMs FROM event WHERE sequence >= ? ORDER BY sequence LIMIT 1',
    );
    this.#saveLast = database.prepare("UPDATE state SET value = ? WHERE name = 'last_sequence'");
    this.#usedBytes = database.prepare(`
      SELECT (page_count - freelist_count) * page_size AS used
      FROM pragma_page_count, pragma_freelist_count, pragma_page_size
    `);
    const newest = database
      .prepare('SELECT sequence, time_ms AS timeMs FROM event ORDER BY sequence DESC LIMIT 1')
      .get();
    const saved = database.prepare("SELECT value FROM state WHERE name = 'last_sequence'").get();
    this.#last = Math.max(Number(newest?.['sequence'] ?? 0), Number(saved?.['value'] ?? 0));
    this.#lastTimeMs = Number(newest?.['timeMs'] ?? 0);
  }

  /** Of the event stored last; 0 when there never was one. */
  get last(): number {
    return this.#last;
  }

  /** Of the oldest event that is kept; one behind the last when there is none. */
  get first(): number {
    return this.firstFrom(0)?.sequence ?? this.#last + 1;
  }

  /** On disk; what has been deleted is used again and does not count. */
  get usedBytes(): number {
    return Number(this.#usedBytes.get()?.['used']);
  }

  /** Everything that `work` does is stored, or nothing. Throws what SQLite throws. */
  transaction<T>(work: () => T): T {
    const before = { last: this.#last, timeMs: this.#lastTimeMs };
    try {
      return transaction(this.#database, work);
    } catch (thrown) {
      this.#last = before.last;
      this.#lastTimeMs = before.timeMs;
      this.simulations.forget();
      this.eventKeys.forget();
      throw thrown;
    }
  }

  /** @returns its sequence, also when it is stored already */
  insert({ simulationId, eventTypeKey, eventId, bytes, simulationSequence = 0 }: LogEntry, nowMs: number): number {
    const simulation = this.simulations.numberOf(simulationId);
    const eventKey = this.eventKeys.numberOf(eventTypeKey);
    // Never before the one in front of it, so that times can be searched by halving.
    const timeMs = Math.max(nowMs, this.#lastTimeMs);
    const values = [this.#last + 1, timeMs, simulation, eventKey, eventId, bytes, simulationSequence] as const;
    const { changes } = this.#insert.run(...values);
    if (Number(changes) === 0) return Number(this.#findId.get(simulation, eventId)?.['sequence']);
    this.#last += 1;
    this.#lastTimeMs = timeMs;
    return this.#last;
  }

  /** At most `limit` rows from `sequence` on, of one simulation or of all. */
  rows(sequence: number, limit: number, simulation?: number): EventRow[] {
    const rows =
      simulation === undefined
        ? this.#rows.all(sequence, limit)
        : this.#rowsOfSimulation.all(simulation, sequence, limit);
    return rows as unknown as EventRow[];
  }

  envelope(sequence: number): Uint8Array {
    return this.#envelope.get(sequence)?.['envelope'] as Uint8Array;
  }

  firstFrom(sequence: number): { readonly sequence: number; readonly timeMs: number } | undefined {
    return this.#firstFrom.get(sequence) as unknown as { sequence: number; timeMs: number } | undefined;
  }

  /** The first sequence that was logged at a time or later, found by halving: times never fall along the log. */
  firstAt(timeMs: number): number {
    let [low, high] = [this.first, this.#last + 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const row = this.firstFrom(middle);
      if (row === undefined || row.timeMs >= timeMs) high = middle;
      else low = row.sequence + 1;
    }
    return low;
  }

  holds(simulation: number): boolean {
    return this.#anyOf.get(simulation) !== undefined;
  }

  /** Deletes the rows up to a sequence. */
  deleteUpTo(sequence: number): void {
    this.transaction(() => {
      const gone = new Set(this.#deleteUpTo.all(sequence).map(({ simulation }) => Number(simulation)));
      this.#saveLast.run(this.#last);
      for (const simulation of gone) this.#dropIfEmpty(simulation);
    });
  }

  /** Deletes at most `limit` rows of a simulation, up to a sequence. @returns how many */
  deleteSome(simulation: number, upTo: number, limit: number): number {
    return this.transaction(() => {
      const gone = Number(this.#deleteSome.run(simulation, upTo, limit).changes);
      if (gone > 0) this.#saveLast.run(this.#last);
      this.#dropIfEmpty(simulation);
      return gone;
    });
  }

  #dropIfEmpty(simulation: number): void {
    if (!this.holds(simulation)) this.simulations.remove(simulation);
  }
}

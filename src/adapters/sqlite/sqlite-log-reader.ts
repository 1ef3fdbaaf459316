import type { EventTypeKey, SimulationId } from '../../domain/ids.ts';
import { compileSubjectFilter } from '../../domain/routing/subject-filter.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { overtaken } from '../../domain/subscription/overtaken.ts';
import type { LogReader, NextPage, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import type { EventRow, EventTable } from './event-table.ts';

/** What a reader needs of its log. */
export interface ReadableLog {
  /** @throws ShoalError SHUTTING_DOWN */
  readonly table: EventTable;
  /** The first sequence that retention has left. */
  readonly floor: number;
  /** Does what reads. @throws ShoalError BUS_UNAVAILABLE when the disk or the file is at fault */
  reading<T>(work: () => T): T;
  /** Resolves when an event of one of the simulations was stored, with the last sequence before it; rejects with the signal's reason, or SHUTTING_DOWN. */
  appended(simulations: ReadonlySet<SimulationId> | undefined, signal: AbortSignal): Promise<number>;
}

const PAGE_ENTRIES = 256;
const PAGE_BYTES = 1024 * 1024;
/** Rows looked at between two turns of the event loop: about 2 ms. */
const SCANNED_ROWS = 1_000;

/** A place in the log. Nothing of SQLite stays open between two pages. */
export class SqliteLogReader implements LogReader {
  readonly #log: ReadableLog;
  readonly #simulations: ReadonlySet<SimulationId> | undefined;
  readonly #keyFilters: readonly ((key: string) => boolean)[] | undefined;
  readonly #wantsKey = new Map<number, boolean>();
  readonly #skips: boolean;
  readonly #closed = new AbortController();
  #joined: { readonly signal: AbortSignal; readonly ended: AbortSignal } | undefined;
  /** The next sequence to look at. */
  #position: number;

  constructor(log: ReadableLog, position: number, { simulationIds, eventTypeKeys, overtaken }: ReadRequest) {
    this.#log = log;
    this.#position = position;
    this.#skips = overtaken === 'skips';
    this.#simulations = simulationIds && new Set(simulationIds);
    this.#keyFilters = eventTypeKeys?.map(compileSubjectFilter);
  }

  /** Each page but the last costs a turn of the event loop: who reads a long log is not alone. */
  async next({ wait, signal }: NextPage): Promise<readonly StoredEntry[]> {
    const ended = this.#ended(signal);
    for (;;) {
      ended.throwIfAborted();
      const { table, floor } = this.#log;
      if (this.#position < floor && !this.#skips) throw overtaken(this.#position, floor);
      const page = this.#log.reading(() => this.#page(table));
      if (this.#position <= table.last) await new Promise((resolve) => setImmediate(resolve));
      if (page.length > 0) return page;
      if (this.#position > table.last) {
        if (!wait) return page;
        this.#skip(await this.#log.appended(this.#simulations, ended));
      }
    }
  }

  async close(): Promise<void> {
    this.#closed.abort(new ShoalError('CANCELLED', 'the reader is closed'));
  }

  /** Joined once for each signal of the caller: a signal that lives long keeps track of all that were made of it. */
  #ended(signal: AbortSignal): AbortSignal {
    if (this.#joined?.signal !== signal) {
      this.#joined = { signal, ended: AbortSignal.any([signal, this.#closed.signal]) };
    }
    return this.#joined.ended;
  }

  #skip(sequence: number): void {
    this.#position = Math.max(this.#position, sequence + 1);
  }

  /** Looks at some rows and goes behind them. */
  #page(table: EventTable): StoredEntry[] {
    const rows = this.#rows(table);
    const page: StoredEntry[] = [];
    let bytes = 0;
    for (const row of rows) {
      if (this.#wants(table, row)) {
        bytes += row.bytes;
        if (page.length === PAGE_ENTRIES || (page.length > 0 && bytes > PAGE_BYTES)) return page;
        page.push(stored(table, row));
      }
      this.#skip(row.sequence);
    }
    if (rows.length < SCANNED_ROWS) this.#skip(table.last);
    return page;
  }

  #rows(table: EventTable): EventRow[] {
    if (this.#simulations?.size !== 1) return table.rows(this.#position, SCANNED_ROWS);
    const [id = ''] = this.#simulations;
    const number = table.simulations.find(id);
    return number === undefined ? [] : table.rows(this.#position, SCANNED_ROWS, number);
  }

  #wants(table: EventTable, { simulation, eventKey }: EventRow): boolean {
    if (this.#simulations?.has(table.simulations.nameOf(simulation) as SimulationId) === false) return false;
    if (this.#keyFilters === undefined) return true;
    const known = this.#wantsKey.get(eventKey);
    if (known !== undefined) return known;
    const key = table.eventKeys.nameOf(eventKey);
    const wanted = this.#keyFilters.some((matches) => matches(key));
    this.#wantsKey.set(eventKey, wanted);
    return wanted;
  }
}

function stored(
  table: EventTable,
  { sequence, timeMs, simulation, eventKey, simulationSequence }: EventRow,
): StoredEntry {
  return {
    sequence,
    timeMs,
    simulationId: table.simulations.nameOf(simulation) as SimulationId,
    eventTypeKey: table.eventKeys.nameOf(eventKey) as EventTypeKey,
    simulationSequence,
    bytes: table.envelope(sequence),
  };
}

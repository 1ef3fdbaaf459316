import type { EventRow, EventTable } from './event-table.ts';

/** How much of the log is kept; undefined: without a bound. */
export interface LogRetentionOptions {
  readonly maxAgeMs?: number;
  /** On disk, indexes included. */
  readonly maxBytes?: number;
}

/** Rows that go at once: some 5 ms. More when more came since, or a flood would outrun it. */
const STEP_ROWS = 500;
/** Of envelopes that go at once because they are old. */
const STEP_BYTES = 8 * 1024 * 1024;

/** Takes the oldest events away, in steps so small that no append waits long for one. */
export class LogRetention {
  readonly #options: LogRetentionOptions;
  readonly #table: EventTable;
  #lastSeen: number;
  #floor: number;

  constructor(table: EventTable, options: LogRetentionOptions) {
    this.#table = table;
    this.#options = options;
    this.#lastSeen = table.last;
    this.#floor = table.first;
  }

  /** Of the sequences below it, none is left; what was removed for another reason does not raise it. */
  get floor(): number {
    return this.#floor;
  }

  /** @returns whether there may be more to take away */
  step(nowMs: number): boolean {
    const { maxAgeMs = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = this.#options;
    const limit = Math.max(STEP_ROWS, 2 * (this.#table.last - this.#lastSeen));
    this.#lastSeen = this.#table.last;
    const surplus = this.#table.usedBytes - maxBytes;
    return surplus > 0 ? this.#deleteBytes(surplus, limit) : this.#deleteOld(nowMs - maxAgeMs, limit);
  }

  /** No more than has to go: pages hold more than the envelopes in them, so that these bytes are enough. */
  #deleteBytes(surplus: number, limit: number): boolean {
    let bytes = 0;
    return this.#deleteWhile(limit, (row) => {
      const goes = bytes < surplus;
      bytes += row.bytes;
      return goes;
    });
  }

  #deleteOld(beforeMs: number, limit: number): boolean {
    const oldest = this.#table.firstFrom(0);
    if (oldest === undefined || oldest.timeMs >= beforeMs) return false;
    let bytes = 0;
    return this.#deleteWhile(limit, (row) => {
      bytes += row.bytes;
      return row.timeMs < beforeMs && bytes <= STEP_BYTES + row.bytes;
    });
  }

  /** @returns whether any went */
  #deleteWhile(limit: number, goes: (row: EventRow) => boolean): boolean {
    if (this.#table.last < this.#floor) return false;
    const rows = this.#table.rows(0, limit);
    const stays = rows.findIndex((row) => !goes(row));
    const last = rows.at(stays === -1 ? -1 : stays - 1);
    if (last === undefined || stays === 0) return false;
    this.#table.deleteUpTo(last.sequence);
    this.#floor = last.sequence + 1;
    return true;
  }
}

import type { LogEntry } from '../../ports/event-log.ts';
import type { AppendBatch } from './append-batch.ts';

/** One entry that was sent and is not acknowledged. */
export interface SentEntry {
  readonly ordinal: number;
  readonly batch: AppendBatch;
  readonly index: number;
  readonly entry: LogEntry;
  sentMs: number;
  /** Sent more than once: that the server has it already says nothing of an earlier append. */
  isRepeated: boolean;
}

/**
 * The entries in flight, oldest first, bounded in number and bytes. An ordinal names each; it rises for ever, so that
 * an acknowledgement that comes late finds nothing instead of something else.
 */
export class AppendWindow {
  readonly #slots: (SentEntry | undefined)[];
  readonly #mask: number;
  readonly #maxEntries: number;
  readonly #maxBytes: number;
  #head = 0;
  #tail = 0;
  #size = 0;
  #bytes = 0;

  constructor(maxEntries: number, maxBytes: number) {
    const slots = 2 ** Math.ceil(Math.log2(Math.max(1, maxEntries)));
    this.#slots = new Array<SentEntry | undefined>(slots).fill(undefined);
    this.#mask = slots - 1;
    this.#maxEntries = maxEntries;
    this.#maxBytes = maxBytes;
  }

  get size(): number {
    return this.#size;
  }

  /** Room is counted from the oldest entry on: one that stays behind stops the window, as go-back-N needs. */
  get hasRoom(): boolean {
    return this.#tail - this.#head < this.#maxEntries && this.#bytes < this.#maxBytes;
  }

  get oldest(): SentEntry | undefined {
    return this.#slots[this.#head & this.#mask];
  }

  push(batch: AppendBatch, index: number, entry: LogEntry, sentMs: number): SentEntry {
    const sent = { ordinal: this.#tail, batch, index, entry, sentMs, isRepeated: false };
    this.#slots[this.#tail & this.#mask] = sent;
    this.#tail += 1;
    this.#size += 1;
    this.#bytes += entry.bytes.length;
    return sent;
  }

  /** Takes out the entry of that ordinal; undefined when it is settled already. */
  take(ordinal: number): SentEntry | undefined {
    if (!(ordinal >= this.#head && ordinal < this.#tail)) return undefined;
    const sent = this.#slots[ordinal & this.#mask];
    if (sent === undefined) return undefined;
    this.#slots[ordinal & this.#mask] = undefined;
    this.#size -= 1;
    this.#bytes -= sent.entry.bytes.length;
    while (this.#head < this.#tail && this.#slots[this.#head & this.#mask] === undefined) this.#head += 1;
    return sent;
  }

  /** In the order in which they were first sent. */
  *unacknowledged(): Generator<SentEntry> {
    for (let ordinal = this.#head; ordinal < this.#tail; ordinal += 1) {
      const sent = this.#slots[ordinal & this.#mask];
      if (sent !== undefined) yield sent;
    }
  }

  clear(): void {
    this.#slots.fill(undefined);
    this.#head = this.#tail;
    this.#size = 0;
    this.#bytes = 0;
  }
}

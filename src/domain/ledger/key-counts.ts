import type { LogEntry } from '../../ports/event-log.ts';
import { MAX_COUNTED_KEY_BYTES, MAX_COUNTED_KEYS, OTHER_KEYS } from './ledger-state.ts';

/** Logged events of one simulation by event key; those of further keys, beyond the bounds of `ledger-state.ts`, together. */
export class KeyCounts {
  readonly #counts: Map<string, number>;
  #keyBytes = 0;

  constructor(counts: Readonly<Record<string, number>>) {
    this.#counts = new Map(Object.entries(counts));
    for (const key of this.#counts.keys()) this.#keyBytes += key.length;
  }

  get total(): number {
    let total = 0;
    for (const count of this.#counts.values()) total += count;
    return total;
  }

  record(): Record<string, number> {
    return Object.fromEntries(this.#counts);
  }

  add(key: string, count: number): void {
    if (count === 0) return;
    const known = this.#counts.get(key);
    if (known !== undefined) this.#set(key, known, known + count);
    else if (this.#hasRoomFor(key)) this.#set(key, 0, count);
    else {
      const others = this.#counts.get(OTHER_KEYS) ?? 0;
      this.#set(OTHER_KEYS, others, others + count);
    }
  }

  #hasRoomFor(key: string): boolean {
    return this.#counts.size < MAX_COUNTED_KEYS && this.#keyBytes + key.length <= MAX_COUNTED_KEY_BYTES;
  }

  #set(key: string, before: number, count: number): void {
    if (before === 0) this.#keyBytes += key.length;
    if (count !== 0) this.#counts.set(key, count);
    else {
      this.#counts.delete(key);
      this.#keyBytes -= key.length;
    }
  }

  /** Neighbours mostly have the same key. */
  addAll(entries: readonly LogEntry[]): void {
    let key = '';
    let count = 0;
    for (const { eventTypeKey } of entries) {
      if (eventTypeKey !== key) {
        this.add(key, count);
        key = eventTypeKey;
        count = 0;
      }
      count += 1;
    }
    this.add(key, count);
  }
}

import type { LogEntry } from '../../ports/event-log.ts';
import { MAX_COUNTED_KEYS, OTHER_KEYS } from './ledger-state.ts';

/** Logged events of one simulation by event key; beyond `MAX_COUNTED_KEYS`, those of further keys together. */
export class KeyCounts {
  readonly #counts: Map<string, number>;

  constructor(counts: Readonly<Record<string, number>>) {
    this.#counts = new Map(Object.entries(counts));
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
    const isKnown = this.#counts.has(key) || this.#counts.size < MAX_COUNTED_KEYS;
    const counted = isKnown ? key : OTHER_KEYS;
    const sum = (this.#counts.get(counted) ?? 0) + count;
    if (sum === 0) this.#counts.delete(counted);
    else this.#counts.set(counted, sum);
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

import type { SimulationId } from '../../../src/domain/ids.ts';
import type { StoredEntry } from '../../../src/ports/event-archive.ts';
import type { LogEntry } from '../../../src/ports/event-log.ts';

/** An entry as it lies in the log, with all that was appended. */
export interface StoredEvent extends StoredEntry {
  readonly eventId: string;
}

/** The log as it lies on the disk or the server, whichever daemon lives. */
export class StoredEvents {
  readonly entries: StoredEvent[] = [];
  /** For how long an event of the same name is recognised. */
  duplicateWindowMs = Number.POSITIVE_INFINITY;
  readonly #known = new Map<string, StoredEvent>();
  readonly #removed = new Set<string>();
  #next = 1;

  get nextSequence(): number {
    return this.#next;
  }

  /** The entry that is kept, which may be an earlier one of the same name. */
  store(entry: LogEntry, timeMs: number): StoredEvent {
    const name = nameOf(entry.simulationId, entry.eventId);
    const known = this.#known.get(name);
    if (known !== undefined && timeMs - known.timeMs <= this.duplicateWindowMs) return known;
    const stored = { simulationSequence: 0, ...entry, sequence: this.#next, timeMs };
    this.#next += 1;
    this.#known.set(name, stored);
    this.entries.push(stored);
    return stored;
  }

  find(simulationId: string, eventId: string): StoredEvent | undefined {
    return this.#known.get(nameOf(simulationId, eventId));
  }

  of(simulationId: string): readonly StoredEvent[] {
    return this.entries.filter((entry) => entry.simulationId === simulationId);
  }

  wasRemoved(simulationId: string): boolean {
    return this.#removed.has(simulationId);
  }

  remove(simulationId: SimulationId): void {
    this.#removed.add(simulationId);
    const kept = this.entries.filter((entry) => entry.simulationId !== simulationId);
    this.entries.splice(0, this.entries.length, ...kept);
  }

  *read(fromSequence: number): Generator<StoredEvent> {
    for (let at = this.#indexOf(fromSequence); at < this.entries.length; at += 1) {
      yield this.entries[at] as StoredEvent;
    }
  }

  /** Of the first entry with this sequence or a higher one. */
  #indexOf(sequence: number): number {
    let low = 0;
    let high = this.entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.entries[middle] as StoredEvent).sequence < sequence) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function nameOf(simulationId: string, eventId: string): string {
  return `${simulationId}/${eventId}`;
}

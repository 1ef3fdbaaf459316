import { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, EventLog, LogEntry, RejectedEntry } from '../../ports/event-log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';

export interface InMemoryEventLogOptions {
  /** Bytes of envelopes kept; the oldest go first. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Entries kept. Default 250,000: each costs some 300 bytes beside its envelope. */
  readonly maxEntries?: number;
}

export interface StoredEntry extends LogEntry {
  readonly sequence: number;
}

/**
 * The log of a Shoal that runs alone: the latest events, in memory, gone with the process.
 *
 * An event is recognised as stored for as long as it is kept.
 */
export class InMemoryEventLog implements EventLog, ManagedPart {
  readonly name = 'in-memory event log';
  readonly durability = 'memory';
  readonly #maxBytes: number;
  /** A ring: the entry with sequence n is at n modulo its length. */
  readonly #ring: (StoredEntry | undefined)[];
  /** Sequence by `{simulation_id}/{event_id}`, of what is in the ring. */
  readonly #sequences = new Map<string, number>();
  #first = 1;
  #next = 1;
  #bytes = 0;
  #duplicates = 0;
  #stopped = false;

  constructor(options: InMemoryEventLogOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
    this.#ring = new Array<StoredEntry | undefined>(options.maxEntries ?? 250_000).fill(undefined);
  }

  /** Entries kept, now. */
  get size(): number {
    return this.#next - this.#first;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
  }

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    if (this.#stopped) throw new ShoalError('SHUTTING_DOWN', 'the event log is closed; Shoal is stopping');
    const rejected: RejectedEntry[] = [];
    let lastSequence = 0;
    for (const [index, entry] of batch.entries()) {
      if (entry.bytes.length > this.#maxBytes) {
        rejected.push({ index, reason: `the event has ${entry.bytes.length} bytes; the log keeps ${this.#maxBytes}` });
      } else {
        lastSequence = Math.max(lastSequence, this.#store(entry));
      }
    }
    return { lastSequence, rejected };
  }

  /** The entries kept whose sequence is `fromSequence` or higher, in order. */
  *read(fromSequence: number): Generator<StoredEntry> {
    for (let sequence = Math.max(fromSequence, this.#first); sequence < this.#next; sequence += 1) {
      const entry = this.#ring[sequence % this.#ring.length];
      if (entry?.sequence === sequence) yield entry;
    }
  }

  #store(entry: LogEntry): number {
    const { simulationId, eventTypeKey, eventId } = entry;
    const name = nameOf(entry);
    const known = this.#sequences.get(name);
    if (known !== undefined) {
      this.#duplicates += 1;
      return known;
    }
    const sequence = this.#next;
    if (this.size === this.#ring.length) this.#forgetOldest();
    // Copied: a view would keep the whole network buffer alive that it is cut from.
    const bytes = Buffer.from(entry.bytes);
    this.#ring[sequence % this.#ring.length] = { simulationId, eventTypeKey, eventId, bytes, sequence };
    this.#sequences.set(name, sequence);
    this.#next += 1;
    this.#bytes += bytes.length;
    while (this.#bytes > this.#maxBytes) this.#forgetOldest();
    return sequence;
  }

  #forgetOldest(): void {
    const at = this.#first % this.#ring.length;
    const oldest = this.#ring[at];
    this.#ring[at] = undefined;
    this.#first += 1;
    if (oldest === undefined) return;
    this.#sequences.delete(nameOf(oldest));
    this.#bytes -= oldest.bytes.length;
  }
}

function nameOf(entry: LogEntry): string {
  return `${entry.simulationId}/${entry.eventId}`;
}

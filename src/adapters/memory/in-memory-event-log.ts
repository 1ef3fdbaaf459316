import type { SimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { EventArchive, LogReader, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import type { AppendReceipt, EventLog, LogEntry, RejectedEntry } from '../../ports/event-log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { InMemoryLogReader, type ReadableLog } from './in-memory-log-reader.ts';

export interface InMemoryEventLogOptions {
  /** Bytes of envelopes kept; the oldest go first. Default 64 MiB. */
  readonly maxBytes?: number;
  /** Entries kept. Default 250,000: each costs some 300 bytes beside its envelope. */
  readonly maxEntries?: number;
}

interface KeptEntry extends StoredEntry {
  readonly eventId: string;
}

/**
 * The log of a Shoal that runs alone: the latest events, in memory, gone with the process.
 *
 * An event is recognised as stored for as long as it is kept.
 */
export class InMemoryEventLog implements EventLog, EventArchive, ReadableLog, ManagedPart {
  readonly name = 'in-memory event log';
  readonly durability = 'memory';
  readonly #maxBytes: number;
  /** A ring: the entry with sequence n is at n modulo its length. What was removed leaves a hole. */
  readonly #ring: (KeptEntry | undefined)[];
  /** Sequence by `{simulation_id}/{event_id}`, of what is in the ring. */
  readonly #sequences = new Map<string, number>();
  readonly #counts = new Map<SimulationId, number>();
  readonly #readers = new Set<InMemoryLogReader>();
  #first = 1;
  #next = 1;
  #retainedFrom = 1;
  #bytes = 0;
  #duplicates = 0;
  #stopped = false;

  constructor(options: InMemoryEventLogOptions = {}) {
    this.#maxBytes = options.maxBytes ?? 64 * 1024 * 1024;
    this.#ring = new Array<KeptEntry | undefined>(options.maxEntries ?? 250_000).fill(undefined);
  }

  /** Entries kept, now. */
  get size(): number {
    return this.#sequences.size;
  }

  get duplicates(): number {
    return this.#duplicates;
  }

  get nextSequence(): number {
    return this.#next;
  }

  get retainedFrom(): number {
    return this.#retainedFrom;
  }

  get stopped(): boolean {
    return this.#stopped;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#wakeReaders();
  }

  async append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    if (this.#stopped) throw new ShoalError('SHUTTING_DOWN', 'the event log is closed; Shoal is stopping');
    const rejected: RejectedEntry[] = [];
    const duplicates: number[] = [];
    let [firstSequence, lastSequence] = [0, 0];
    for (const [index, entry] of batch.entries()) {
      if (entry.bytes.length > this.#maxBytes) {
        rejected.push({ index, reason: `the event has ${entry.bytes.length} bytes; the log keeps ${this.#maxBytes}` });
        continue;
      }
      const next = this.#next;
      const sequence = this.#store(entry);
      lastSequence = Math.max(lastSequence, sequence);
      if (sequence < next) duplicates.push(index);
      else firstSequence ||= sequence;
    }
    this.#wakeReaders();
    return { firstSequence, lastSequence, rejected, duplicates };
  }

  async open(request: ReadRequest): Promise<LogReader> {
    const reader = new InMemoryLogReader(this, request, () => this.#readers.delete(reader));
    this.#readers.add(reader);
    return reader;
  }

  async lastSequence(): Promise<number> {
    return this.#next - 1;
  }

  async holds(simulationId: SimulationId): Promise<boolean> {
    return this.#counts.has(simulationId);
  }

  async remove(simulationId: SimulationId): Promise<void> {
    if (!this.#counts.has(simulationId)) return;
    for (const entry of this.read(this.#first)) {
      if (entry.simulationId !== simulationId) continue;
      this.#ring[entry.sequence % this.#ring.length] = undefined;
      this.#forgotten(entry);
    }
  }

  *read(fromSequence: number): Generator<KeptEntry> {
    for (let sequence = Math.max(fromSequence, this.#first); sequence < this.#next; sequence += 1) {
      const entry = this.#ring[sequence % this.#ring.length];
      if (entry?.sequence === sequence) yield entry;
    }
  }

  #store(entry: LogEntry): number {
    const { simulationId, eventTypeKey, eventId, simulationSequence = 0 } = entry;
    const name = nameOf(entry);
    const known = this.#sequences.get(name);
    if (known !== undefined) {
      this.#duplicates += 1;
      return known;
    }
    const sequence = this.#next;
    if (sequence - this.#first === this.#ring.length) this.#forgetOldest();
    // Copied: a view would keep the whole network buffer alive that it is cut from.
    const bytes = Buffer.from(entry.bytes);
    const kept = { simulationId, eventTypeKey, eventId, simulationSequence, bytes, sequence, timeMs: Date.now() };
    this.#ring[sequence % this.#ring.length] = kept;
    this.#sequences.set(name, sequence);
    this.#counts.set(simulationId, (this.#counts.get(simulationId) ?? 0) + 1);
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
    this.#retainedFrom = this.#first;
    this.#forgotten(oldest);
  }

  #forgotten(entry: KeptEntry): void {
    this.#sequences.delete(nameOf(entry));
    this.#bytes -= entry.bytes.length;
    const left = (this.#counts.get(entry.simulationId) ?? 1) - 1;
    if (left === 0) this.#counts.delete(entry.simulationId);
    else this.#counts.set(entry.simulationId, left);
  }

  #wakeReaders(): void {
    for (const reader of this.#readers) reader.wake();
  }
}

function nameOf(entry: Pick<LogEntry, 'simulationId' | 'eventId'>): string {
  return `${entry.simulationId}/${entry.eventId}`;
}

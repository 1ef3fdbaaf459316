import { InMemoryLogReader, type ReadableLog } from '../../../src/adapters/memory/in-memory-log-reader.ts';
import type { SimulationId } from '../../../src/domain/ids.ts';
import type { EventArchive, LogReader, NextPage, ReadRequest, StoredEntry } from '../../../src/ports/event-archive.ts';
import type { AppendReceipt, EventLog, LogEntry } from '../../../src/ports/event-log.ts';
import type { Life } from '../harness/life.ts';
import type { LifeClock } from '../harness/life-clock.ts';
import { type Backend, Line } from './backend.ts';
import type { StoredEvents } from './stored-events.ts';

/** How one life of the daemon writes and reads the log. */
export class SimulatedEventLog implements EventLog, EventArchive, ReadableLog {
  readonly durability = 'fsynced';
  readonly retainedFrom = 1;
  readonly stopped = false;
  readonly #life: Life;
  readonly #clock: LifeClock;
  readonly #events: StoredEvents;
  readonly #appends: Line;
  readonly #reads: Line;
  readonly #readers = new Set<InMemoryLogReader>();

  constructor(life: Life, clock: LifeClock, backend: Backend, events: StoredEvents) {
    this.#life = life;
    this.#clock = clock;
    this.#events = events;
    this.#appends = new Line(life, backend);
    this.#reads = new Line(life, backend);
  }

  get nextSequence(): number {
    return this.#events.nextSequence;
  }

  get readers(): number {
    return this.#readers.size;
  }

  /** Batches that are not durable yet. */
  get waiting(): number {
    return this.#appends.waiting;
  }

  get mostWaiting(): number {
    return this.#appends.mostWaiting;
  }

  append(batch: readonly LogEntry[]): Promise<AppendReceipt> {
    return this.#appends.call({
      effect: () => this.#store(batch),
      half: () => this.#store(batch.slice(0, this.#life.scheduler.dice.upTo(batch.length))),
    });
  }

  read(fromSequence: number): Iterable<StoredEntry> {
    return this.#events.read(fromSequence);
  }

  open(request: ReadRequest): Promise<LogReader> {
    return this.#reads.call({
      effect: () => {
        const reader = new InMemoryLogReader(this, request, () => this.#readers.delete(reader));
        this.#readers.add(reader);
        return { next: (options: NextPage) => this.#nextPage(reader, options), close: () => reader.close() };
      },
    });
  }

  identity(): Promise<string> {
    return this.#reads.call({ effect: () => 'simulated' });
  }

  lastSequence(): Promise<number> {
    return this.#reads.call({ effect: () => this.nextSequence - 1 });
  }

  holds(simulationId: SimulationId): Promise<boolean> {
    return this.#reads.call({ effect: () => this.#events.of(simulationId).length > 0 });
  }

  remove(simulationId: SimulationId): Promise<void> {
    return this.#reads.call({ effect: () => this.#events.remove(simulationId) });
  }

  /** A page takes its time to come. */
  async #nextPage(reader: InMemoryLogReader, options: NextPage): Promise<readonly StoredEntry[]> {
    const page = await reader.next(options);
    return this.#reads.call({ effect: () => page });
  }

  #store(batch: readonly LogEntry[]): AppendReceipt {
    const duplicates: number[] = [];
    let [firstSequence, lastSequence] = [0, 0];
    for (const [index, entry] of batch.entries()) {
      const { nextSequence } = this;
      const { sequence } = this.#events.store(entry, this.#clock.nowMs());
      lastSequence = Math.max(lastSequence, sequence);
      if (sequence < nextSequence) duplicates.push(index);
      else firstSequence ||= sequence;
    }
    for (const reader of [...this.#readers]) reader.wake();
    return { firstSequence, lastSequence, rejected: [], duplicates };
  }
}

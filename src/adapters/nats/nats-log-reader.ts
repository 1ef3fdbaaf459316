import { EnvelopeView } from '../../domain/envelope/envelope-view.ts';
import { type EventTypeKey, parseSimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import { compileEntryFilter, type EntryFilter } from '../../domain/subscription/entry-filter.ts';
import type { LogReader, NextPage, ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import { closedError } from './connection-state.ts';
import { LogConsumer } from './log-consumer.ts';
import { type LogFilters, logFilters } from './log-filters.ts';
import { boundsOf, type LogBounds, type LogStream } from './log-stream.ts';
import { Patience } from './patience.ts';
import type { PulledMessage } from './pulled-message.ts';
import { RetentionWatch } from './retention-watch.ts';

const PAGE_ENTRIES = 256;
const PAGE_BYTES = 1024 * 1024;
/** A message counts with its subject and headers. */
const MESSAGE_OVERHEAD_BYTES = 64 * 1024;

/**
 * A place in the stream that survives its consumers: when one is gone, with the connection, the server or for want of
 * being asked, the next begins behind the last message read.
 */
export class NatsLogReader implements LogReader {
  readonly #stream: LogStream;
  readonly #filters: LogFilters | undefined;
  readonly #wants: EntryFilter;
  readonly #onClose: () => void;
  readonly #patience: Patience;
  readonly #view = new EnvelopeView();
  /** Sequence of the last message read, or before the first to read; undefined as long as only a time is known. */
  #position: number | undefined;
  #fromMs = 0;
  /** Of the log in which it reads. */
  #identity = '';
  /** How far that log has been seen to reach. */
  #reached = 0;
  readonly #overtaken: ReadRequest['overtaken'];
  #watch: RetentionWatch;
  #consumer: LogConsumer | undefined;
  #wake: () => void = () => {};
  #closed = false;

  constructor(stream: LogStream, request: ReadRequest, onClose: () => void) {
    this.#stream = stream;
    this.#filters = logFilters(stream.subject, request);
    this.#wants = compileEntryFilter(request);
    this.#onClose = onClose;
    this.#overtaken = request.overtaken;
    this.#watch = new RetentionWatch(undefined, this.#overtaken);
    this.#patience = new Patience(stream.outageTimeoutMs);
  }

  /** @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN */
  async begin(from: ReadRequest['from']): Promise<void> {
    const { first, last, identity } = await this.#stream.bounds();
    this.#identity = identity;
    this.#reached = last;
    if (from !== 'end' && 'timeMs' in from) {
      this.#fromMs = from.timeMs;
    } else {
      this.#position = from === 'end' ? last : Math.max(from.sequence, first) - 1;
      this.#watch = new RetentionWatch(this.#position, this.#overtaken);
    }
    while (this.#consumer === undefined) await this.#connect(new AbortController().signal);
  }

  async next({ wait, signal }: NextPage): Promise<readonly StoredEntry[]> {
    if (this.#consumer?.isPulling !== true) this.#watch.paused();
    const abort = (): void => this.#wake();
    signal.addEventListener('abort', abort);
    try {
      for (;;) {
        signal.throwIfAborted();
        if (this.#stream.stopped) throw closedError();
        const page = await this.#advance(wait, signal);
        if (page !== undefined) return page;
      }
    } catch (thrown) {
      if (signal.aborted) throw signal.reason;
      throw thrown;
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#consumer?.close();
    this.#onClose();
  }

  /** The log has stopped. */
  stop(): void {
    this.#wake();
  }

  /**
   * Entries were removed on purpose while the stream began at `first`, and now begins at `firstLeft`: who had not come
   * to them misses nothing that it was promised.
   */
  excuse(first: number, firstLeft: number): void {
    this.#watch.excuse(first, firstLeft);
    // A server of 2.9 lets a consumer jump over what a purge has left.
    this.#consumer?.close();
  }

  /** One step; undefined when there is another one to take. */
  async #advance(wait: boolean, signal: AbortSignal): Promise<readonly StoredEntry[] | undefined> {
    const consumer = this.#consumer;
    if (consumer === undefined) {
      await this.#connect(signal);
      return undefined;
    }
    if (consumer.waiting > 0) {
      const page = await this.#page(consumer.take(), signal);
      return page.length > 0 ? page : undefined;
    }
    if (consumer.fault !== undefined) {
      this.#consumer = undefined;
      this.#watch.paused();
      return undefined;
    }
    if (!wait || !consumer.isPulling) {
      const atEnd = await this.#confirmEnd(consumer, signal);
      if (atEnd && !wait) return [];
      if (atEnd) this.#watch.waits();
    }
    const changed = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    if (consumer.waiting > 0 || consumer.fault !== undefined) return undefined;
    if (!consumer.isPulling) consumer.pull(PAGE_ENTRIES, this.#pageBytes, wait);
    if (!signal.aborted && !this.#stream.stopped) await changed;
    return undefined;
  }

  /**
   * Whether there is nothing more for us now. Asked again with every pull, so that retention does not seem to overtake
   * who waits for what seldom comes. Where to go on stays the last message read: in a cluster a consumer may lag behind.
   */
  async #confirmEnd(consumer: LogConsumer, signal: AbortSignal): Promise<boolean> {
    if (consumer.hasMore) return false;
    try {
      const { first, last } = this.#demandSame(await this.#stream.bounds(signal));
      const isAtEnd = await this.#stream.whileConnected(consumer.isAtEnd());
      this.#patience.end();
      if (isAtEnd) this.#watch.cameToEnd(first, last);
      return isAtEnd;
    } catch (cause) {
      if (cause instanceof ShoalError && cause.code === 'CAPACITY_EXHAUSTED') throw cause;
      consumer.close();
      await this.#endure(cause, signal);
      return false;
    }
  }

  async #connect(signal: AbortSignal): Promise<void> {
    this.#patience.begin();
    try {
      await this.#stream.connection.state.whenConnected(this.#stream.outageTimeoutMs, signal);
      const { name, manager } = await this.#stream.manage();
      this.#demandSame(boundsOf(await this.#stream.whileConnected(manager.streams.info(name))));
      const plan = {
        stream: name,
        start: this.#position === undefined ? { timeMs: this.#fromMs } : { sequence: this.#position + 1 },
        ...(this.#filters === undefined ? {} : { filters: this.#filters }),
      };
      const created = LogConsumer.create(this.#stream.connection, manager, plan, () => this.#wake());
      const consumer = await this.#stream.whileConnected(created);
      if (this.#closed) consumer.close();
      this.#consumer = consumer;
    } catch (cause) {
      if (cause instanceof ShoalError && cause.code === 'CAPACITY_EXHAUSTED') throw cause;
      await this.#endure(cause, signal);
    }
  }

  /** Waits before the next try. @throws ShoalError when there is none */
  async #endure(cause: unknown, signal: AbortSignal): Promise<void> {
    if (this.#stream.stopped || this.#stream.connection.state.current === 'closed') throw closedError();
    await this.#patience.endure(cause, signal);
  }

  async #page(messages: readonly PulledMessage[], signal: AbortSignal): Promise<StoredEntry[]> {
    this.#patience.end();
    const page: StoredEntry[] = [];
    let hasGap = false;
    for (const message of messages) {
      const { sequence, pending } = message;
      if (sequence <= (this.#position ?? 0)) continue;
      if (this.#watch.came(sequence, pending)) hasGap = true;
      const entry = this.#entry(message);
      if (entry !== undefined) page.push(entry);
    }
    if (hasGap) {
      this.#watch.demandKept(this.#demandSame(await this.#stream.bounds(signal)).first);
      this.#watch.clearTo(this.#position ?? 0);
    }
    return page;
  }

  /** A sequence says nothing in another log. @throws ShoalError CAPACITY_EXHAUSTED */
  #demandSame(bounds: LogBounds): LogBounds {
    // A stream in memory keeps its identity when its server is restarted, and nothing else.
    if (bounds.identity !== this.#identity || bounds.last < this.#reached) throw replaced();
    this.#reached = bounds.last;
    return bounds;
  }

  /** Undefined for what was not asked for, or is no event. */
  #entry({ subject, data, sequence, simulationSequence, timeMs }: PulledMessage): StoredEntry | undefined {
    this.#reached = Math.max(this.#reached, sequence);
    if (timeMs < this.#fromMs) return undefined;
    this.#fromMs = 0;
    this.#position = sequence;
    if (!this.#stream.captures(subject) || this.#view.scan(data) !== undefined) return undefined;
    try {
      const simulationId = parseSimulationId(this.#view.simulationId);
      const eventTypeKey = this.#view.eventTypeKey as EventTypeKey;
      const entry = { sequence, timeMs, simulationId, eventTypeKey, simulationSequence, bytes: data };
      return this.#wants(entry) ? entry : undefined;
    } catch {
      return undefined;
    }
  }

  get #pageBytes(): number {
    return Math.max(PAGE_BYTES, this.#stream.connection.server.maxPayloadBytes + MESSAGE_OVERHEAD_BYTES);
  }
}

function replaced(): ShoalError {
  return new ShoalError(
    'CAPACITY_EXHAUSTED',
    'the log was replaced by another one while it was read: the NATS server lost its store, or the stream was deleted; begin again at its beginning',
    { metadata: { first_sequence: '1' } },
  );
}

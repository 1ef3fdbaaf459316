import { encodeBatch } from './envelope-encoder.ts';
import { type BatchLimits, Outbox, type OutboxBounds } from './outbox.ts';

export interface ReporterOptions extends OutboxBounds {
  /** How long the first event of a batch waits for company. */
  readonly lingerMs: number;
}

/** Where batches go: one stream, from its first batch to its end. */
export type SendBatch = (batch: Buffer) => void;

/**
 * Moves events from the {@link Outbox} to whichever stream is attached: at once when a batch is full or one is urgent,
 * else after the linger; never more batches than may be in flight.
 */
export class EventReporter {
  readonly outbox: Outbox;
  readonly #lingerMs: number;
  #stream: { readonly send: SendBatch; readonly limits: BatchLimits } | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** What waits has waited long enough: send it as soon as a batch may go. */
  #due = false;

  constructor(options: ReporterOptions) {
    this.outbox = new Outbox(options);
    this.#lingerMs = options.lingerMs;
  }

  /** `urgent`: it and all before it go without linger. */
  report(envelope: Uint8Array, ordinal: number, urgent: boolean): void {
    this.outbox.add(envelope, ordinal);
    if (urgent) this.#due = true;
    this.#pump();
  }

  /** Begins a stream: resends what is above `resumeAfterOrdinal` and not acknowledged, then what waits. */
  attach(send: SendBatch, limits: BatchLimits, resumeAfterOrdinal: number): void {
    this.detach();
    this.outbox.skipThrough(resumeAfterOrdinal);
    this.#stream = { send, limits };
    this.flush();
  }

  /** The stream is gone; events are kept until the next. */
  detach(): void {
    this.#stream = undefined;
    this.#disarm();
    this.outbox.restart();
  }

  acknowledge(sequence: number): void {
    this.outbox.acknowledge(sequence);
    this.#pump();
  }

  /** Sends what waits without linger. */
  flush(): void {
    this.#due = this.outbox.waiting > 0;
    this.#pump();
  }

  #pump(): void {
    if (this.#stream === undefined) return;
    const { send, limits } = this.#stream;
    while (this.#due || this.outbox.fillsBatch(limits)) {
      const batch = this.outbox.nextBatch(limits);
      if (batch === undefined) break;
      if (this.outbox.waiting === 0) this.#due = false;
      send(encodeBatch(batch.sequence, batch.envelopes));
    }
    if (this.outbox.waiting === 0) this.#disarm();
    else if (!this.#due) this.#arm();
  }

  #arm(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.flush();
    }, this.#lingerMs);
  }

  #disarm(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}

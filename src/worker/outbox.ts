import { batchedSize, batchOverheadBytes } from './envelope-encoder.ts';

export interface OutboxBounds {
  /** How many events may wait or be unacknowledged before {@link Outbox.room} holds the caller. */
  readonly maxEvents: number;
  readonly maxBytes: number;
}

export interface BatchLimits {
  readonly maxBatchEvents: number;
  readonly maxBatchBytes: number;
  readonly maxInFlightBatches: number;
}

export interface Batch {
  /** From 1, rising by 1 within a stream. */
  readonly sequence: number;
  readonly envelopes: readonly Uint8Array[];
}

/** A caller may add some in one go and then wait for all; this much is not waiting at all. */
const overrunFactor = 4;

interface Waiter {
  resolve(): void;
  reject(error: Error): void;
}

/**
 * The events that Shoal has not acknowledged, in the order they were reported: first those sent, then those that wait.
 *
 * An event leaves when its batch is acknowledged and not before, so that after a break all of them go out again in the
 * same order. Holds no timers and knows no transport.
 */
export class Outbox {
  readonly #bounds: OutboxBounds;
  #events: { readonly bytes: Uint8Array; readonly ordinal: number }[] = [];
  /** Acknowledged events still at the front of the array, so that an ack need not move all others. */
  #gone = 0;
  /** Where the events begin that wait. */
  #waiting = 0;
  #bytes = 0;
  #waitingBytes = 0;
  #sequence = 0;
  /** Of the events ever sent, the highest. */
  #sentOrdinal = 0;
  #inFlight: { readonly sequence: number; readonly count: number }[] = [];
  #whenRoom: Waiter[] = [];
  #whenEmpty: Waiter[] = [];
  #abandoned: Error | undefined;

  constructor(bounds: OutboxBounds) {
    this.#bounds = bounds;
  }

  get size(): number {
    return this.#events.length - this.#gone;
  }

  get waiting(): number {
    return this.#events.length - this.#waiting;
  }

  get inFlightBatches(): number {
    return this.#inFlight.length;
  }

  get hasRoom(): boolean {
    return this.#isWithin(1);
  }

  /** Whoever adds does not wait for room. */
  get isOverrun(): boolean {
    return !this.#isWithin(overrunFactor);
  }

  add(bytes: Uint8Array, ordinal: number): void {
    this.#events.push({ bytes, ordinal });
    this.#bytes += bytes.length;
    this.#waitingBytes += batchedSize(bytes.length);
  }

  /** Whether the waiting events would fill a batch. */
  fillsBatch(limits: BatchLimits): boolean {
    return this.waiting >= limits.maxBatchEvents || this.#waitingBytes + batchOverheadBytes >= limits.maxBatchBytes;
  }

  /** Takes the next waiting events to be sent; nothing while none wait or as many batches as allowed are in flight. */
  nextBatch(limits: BatchLimits): Batch | undefined {
    if (this.waiting === 0 || this.#inFlight.length >= limits.maxInFlightBatches) return undefined;
    const envelopes: Uint8Array[] = [];
    let size = batchOverheadBytes;
    while (this.waiting > 0 && envelopes.length < limits.maxBatchEvents) {
      const { bytes, ordinal } = this.#at(this.#waiting);
      const more = batchedSize(bytes.length);
      // One event alone is sent whatever the limit: Shoal then rejects it, and says so, rather than we hold it forever.
      if (envelopes.length > 0 && size + more > limits.maxBatchBytes) break;
      envelopes.push(bytes);
      this.#sentOrdinal = Math.max(this.#sentOrdinal, ordinal);
      size += more;
      this.#waiting++;
      this.#waitingBytes -= more;
    }
    this.#sequence++;
    this.#inFlight.push({ sequence: this.#sequence, count: envelopes.length });
    return { sequence: this.#sequence, envelopes };
  }

  /** All batches up to this one are dealt with. */
  acknowledge(sequence: number): void {
    let count = 0;
    while (this.#inFlight[0] !== undefined && this.#inFlight[0].sequence <= sequence) {
      count += this.#inFlight.shift()?.count ?? 0;
    }
    this.#drop(count);
  }

  /** For a new stream: everything not acknowledged waits again, and sequences start at 1. */
  restart(): void {
    for (let at = this.#gone; at < this.#waiting; at++) this.#waitingBytes += batchedSize(this.#at(at).bytes.length);
    this.#waiting = this.#gone;
    this.#inFlight = [];
    this.#sequence = 0;
  }

  /** Forgets what Shoal dealt with although its ack was lost; only between {@link restart} and the first batch. */
  skipThrough(ordinal: number): void {
    // What was never sent is not what Shoal means, whoever it was that used these ordinals before.
    const last = Math.min(ordinal, this.#sentOrdinal);
    let count = 0;
    while (count < this.waiting && this.#at(this.#gone + count).ordinal <= last) {
      this.#waitingBytes -= batchedSize(this.#at(this.#gone + count).bytes.length);
      count++;
    }
    this.#waiting += count;
    this.#drop(count);
  }

  /** Resolves once there is room for another event. @throws whatever it was abandoned with */
  room(): Promise<void> {
    return this.#wait(this.hasRoom, this.#whenRoom);
  }

  /** Resolves once every event is acknowledged. @throws whatever it was abandoned with */
  empty(): Promise<void> {
    return this.#wait(this.size === 0, this.#whenEmpty);
  }

  /** Nothing will be acknowledged any more: whoever waits, now or later, is told so. */
  abandon(error: Error): void {
    this.#abandoned = error;
    for (const { reject } of [...this.#whenRoom.splice(0), ...this.#whenEmpty.splice(0)]) reject(error);
  }

  #isWithin(times: number): boolean {
    return this.size < this.#bounds.maxEvents * times && this.#bytes < this.#bounds.maxBytes * times;
  }

  #wait(already: boolean, waiters: Waiter[]): Promise<void> {
    if (already) return Promise.resolve();
    if (this.#abandoned !== undefined) return Promise.reject(this.#abandoned);
    return new Promise((resolve, reject) => waiters.push({ resolve, reject }));
  }

  #drop(count: number): void {
    for (let at = this.#gone; at < this.#gone + count; at++) this.#bytes -= this.#at(at).bytes.length;
    this.#gone += count;
    if (this.#gone > this.#events.length / 2) {
      this.#events = this.#events.slice(this.#gone);
      this.#waiting -= this.#gone;
      this.#gone = 0;
    }
    if (this.hasRoom) for (const { resolve } of this.#whenRoom.splice(0)) resolve();
    if (this.size === 0) for (const { resolve } of this.#whenEmpty.splice(0)) resolve();
  }

  #at(index: number): { readonly bytes: Uint8Array; readonly ordinal: number } {
    const event = this.#events[index];
    if (event === undefined) throw new Error('outbox: an index out of range');
    return event;
  }
}

import { batchBytes, sizeInBatch } from './batch-bytes.ts';
import type { BatchLimits, Kept } from './behaviour/batches.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import { Turn } from './turn.ts';

export type Send = (batch: Buffer) => void;

const LINGER_MS = 5;
/** Of the sequence, at most. */
const OVERHEAD_BYTES = 11;

/** Events until they are acknowledged, in their order: first those that were sent on the present stream, then those that wait. */
export class Outbox {
  readonly #behaviour: Behaviour;
  readonly #turn = new Turn();
  #kept: Kept[] = [];
  #sent = 0;
  #inFlight: { readonly sequence: number; readonly count: number }[] = [];
  #lastAcknowledged: readonly Kept[] = [];
  #stream: { readonly send: Send; readonly limits: BatchLimits } | undefined;
  #streams = 0;
  #sequence = 0;
  #linger: NodeJS.Timeout | undefined;

  constructor(behaviour: Behaviour) {
    this.#behaviour = behaviour;
  }

  get unacknowledged(): number {
    return this.#kept.length;
  }

  add(event: Kept): void {
    this.#kept.push(event);
    this.#linger ??= setTimeout(() => {
      this.#linger = undefined;
      this.#flush();
    }, LINGER_MS);
  }

  /** Begins a stream: what was not acknowledged goes again, then what waits. */
  attach(send: Send, told: BatchLimits, failedAttempts: number, resumeAfterOrdinal: number): void {
    if (this.#streams > 0) {
      const again = this.#behaviour.resent({
        unacknowledged: this.#kept.slice(0, this.#sent),
        lastAcknowledged: this.#lastAcknowledged,
        lastBatchSize: this.#inFlight.at(-1)?.count ?? 0,
        failedAttempts,
        resumeAfterOrdinal,
      });
      this.#kept.splice(0, this.#sent, ...again);
    }
    this.#sent = 0;
    this.#inFlight = [];
    this.#sequence = this.#behaviour.sequenceBefore(this.#sequence);
    this.#streams += 1;
    this.#stream = { send, limits: this.#behaviour.limits(told) };
    this.#flush();
    this.#turn.come();
  }

  detach(): void {
    this.#stream = undefined;
  }

  /** All batches up to this one are dealt with. @returns their events */
  acknowledge(sequence: number): readonly Kept[] {
    const done: Kept[] = [];
    while (this.#inFlight[0] !== undefined && this.#inFlight[0].sequence <= sequence) {
      const { count } = this.#inFlight.shift() ?? { count: 0 };
      this.#lastAcknowledged = this.#kept.splice(0, count);
      this.#sent -= count;
      done.push(...this.#lastAcknowledged);
    }
    this.#flush();
    this.#turn.come();
    return done;
  }

  /** Resolves when a tick may be made. */
  async room(): Promise<'made' | 'lost'> {
    for (;;) {
      const tick = this.#behaviour.tickWith(this.#kept.length);
      if (tick !== 'held') return tick;
      await this.#turn.next();
    }
  }

  /** Resolves when nothing waits to be sent. */
  async allSent(): Promise<void> {
    while (this.#sent < this.#kept.length || this.#stream === undefined) {
      this.#flush();
      if (this.#sent < this.#kept.length || this.#stream === undefined) await this.#turn.next();
    }
  }

  /** Resolves when all is acknowledged. */
  async allAcknowledged(): Promise<void> {
    while (this.#kept.length > 0) await this.#turn.next();
  }

  #flush(): void {
    if (this.#stream === undefined) return;
    const { send, limits } = this.#stream;
    while (this.#sent < this.#kept.length && this.#inFlight.length < limits.maxInFlightBatches) {
      const events = this.#nextBatch(limits);
      this.#sequence = this.#behaviour.sequenceAfter(this.#sequence, this.#streams);
      this.#inFlight.push({ sequence: this.#sequence, count: events.length });
      this.#sent += events.length;
      const envelopes = events.map(({ bytes }) => bytes);
      send(batchBytes(this.#sequence, envelopes));
    }
  }

  #nextBatch({ maxBatchEvents, maxBatchBytes }: BatchLimits): Kept[] {
    const events: Kept[] = [];
    let size = OVERHEAD_BYTES;
    for (const event of this.#kept.slice(this.#sent, this.#sent + maxBatchEvents)) {
      size += sizeInBatch(event.bytes);
      if (events.length > 0 && size > maxBatchBytes) break;
      events.push(event);
    }
    return events;
  }
}

import { randomBytes } from 'node:crypto';
import { encodeEnvelope } from './envelope-encoder.ts';
import type { EmittedEvent, EventReceipt } from './worker-api.ts';

export interface MadeEvent {
  readonly envelope: Uint8Array;
  readonly receipt: EventReceipt;
}

/** Makes envelopes of one worker's events: gives them ids, ordinals and a time, and holds them to the size limit. */
export class EventMaker {
  /** Shoal's limit for one envelope. */
  maxEventBytes = Number.POSITIVE_INFINITY;
  readonly #workerId: string;
  readonly #simulationId: string;
  /** Of this process alone, so that the ids of an earlier incarnation never come again. */
  readonly #idPrefix = randomBytes(9).toString('base64url');
  #ordinal = 0;

  constructor(workerId: string, simulationId: string) {
    this.#workerId = workerId;
    this.#simulationId = simulationId;
  }

  /**
   * Goes on after the ordinal that Shoal knows of this incarnation, unless events were made already: a process that
   * was this worker before has used them, and ours would pass for its. Shoal says 0 where its log is too slow to tell.
   */
  goOnAfter(ordinal: number): void {
    if (this.#ordinal === 0) this.#ordinal = ordinal;
  }

  /** @throws RangeError when Shoal would refuse it for its size; no ordinal is used up */
  make(event: EmittedEvent): MadeEvent {
    const ordinal = this.#ordinal + 1;
    const eventId = `${this.#idPrefix}-${ordinal}`;
    const envelope = encodeEnvelope({
      eventId,
      key: event.key,
      payload: event.payload,
      timestampNs: event.timestampNs ?? BigInt(Date.now()) * 1_000_000n,
      workerId: this.#workerId,
      simulationId: this.#simulationId,
      contentType: event.contentType ?? '',
      correlationId: event.correlationId ?? '',
      attributes: event.attributes ?? {},
      ordinal,
    });
    if (envelope.length > this.maxEventBytes) {
      throw new RangeError(`an event ${event.key} has ${envelope.length} bytes; Shoal takes ${this.maxEventBytes}`);
    }
    this.#ordinal = ordinal;
    return { envelope, receipt: { eventId, ordinal } };
  }
}

import { randomBytes } from 'node:crypto';
import { batchOverheadBytes, encodeBatch, encodeEnvelope } from '../../src/worker/envelope-encoder.ts';

export interface EventShape {
  readonly key: string;
  readonly workerId: string;
  readonly simulationId: string;
  readonly payloadBytes: number;
}

const ID_DIGITS = 10;
const ZERO = '0'.charCodeAt(0);

/**
 * Envelopes as the worker library writes them, but encoded once: for each event only the number in its id is written
 * anew. So the ids are distinct, as they must be, and making events costs next to nothing.
 */
export class EventSource {
  readonly #envelope: Buffer;
  readonly #idOffset: number;
  #next = 0;

  constructor({ key, workerId, simulationId, payloadBytes }: EventShape) {
    const prefix = `${randomBytes(6).toString('base64url')}-`;
    this.#envelope = encodeEnvelope({
      eventId: prefix + '0'.repeat(ID_DIGITS),
      key,
      payload: randomBytes(payloadBytes),
      timestampNs: BigInt(Date.now()) * 1_000_000n,
      workerId,
      simulationId,
      contentType: 'application/octet-stream',
      correlationId: '',
      attributes: {},
      ordinal: 0,
    });
    this.#idOffset = this.#envelope.indexOf(prefix) + prefix.length;
  }

  event(): Buffer {
    const bytes = Buffer.allocUnsafe(this.#envelope.length);
    this.#envelope.copy(bytes);
    this.#number(bytes, this.#idOffset);
    return bytes;
  }

  /** Batches of so many events: call the result with each sequence number in turn. */
  batches(events: number): (sequence: number) => Buffer {
    const template = encodeBatch(0, new Array<Buffer>(events).fill(this.#envelope)).subarray(2);
    const stride = template.length / events;
    const idOffset = stride - this.#envelope.length + this.#idOffset;
    return (sequence) => {
      const bytes = Buffer.allocUnsafe(template.length + batchOverheadBytes);
      template.copy(bytes);
      for (let at = idOffset; at < template.length; at += stride) this.#number(bytes, at);
      // Fields may come in any order: behind the events, the sequence may take as many bytes as it likes.
      return bytes.subarray(0, writeSequence(bytes, template.length, sequence));
    };
  }

  #number(bytes: Buffer, offset: number): void {
    let rest = this.#next;
    this.#next += 1;
    for (let at = offset + ID_DIGITS - 1; at >= offset; at -= 1) {
      bytes[at] = ZERO + (rest % 10);
      rest = (rest / 10) | 0;
    }
  }
}

function writeSequence(bytes: Buffer, offset: number, sequence: number): number {
  let at = offset;
  bytes[at++] = 0x08;
  let rest = sequence;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes[at++] = (rest % 0x80) | 0x80;
  bytes[at++] = rest;
  return at;
}

import { randomBytes } from 'node:crypto';
import { encodeBatch, encodeEnvelope } from '../../src/worker/envelope-encoder.ts';
import { FRAME_HEADER_BYTES, framed } from './grpc-wire.ts';

export interface EventShape {
  readonly key: string;
  readonly workerId: string;
  readonly simulationId: string;
  readonly payloadBytes: number;
}

const ID_DIGITS = 10;
const ZERO = '0'.charCodeAt(0);
/** Tag and value of the field `sequence`, at most. */
const SEQUENCE_BYTES = 6;
/** The value of an ordinal, padded. */
const ORDINAL_BYTES = 6;
/** Takes so many bytes, to be written over. */
const SOME_ORDINAL = 2 ** 36;

/**
 * Envelopes as the worker library writes them, framed as gRPC does, but encoded once: for each event only the number in
 * its id and its ordinal are written anew. So both are distinct, as they must be, and making events costs next to nothing.
 */
export class EventSource {
  readonly #envelope: Buffer;
  readonly #idOffset: number;
  /** Of all sources of the process: it is one worker. */
  static #lastOrdinal = 0;
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
      ordinal: SOME_ORDINAL,
    });
    this.#idOffset = this.#envelope.indexOf(prefix) + prefix.length;
  }

  /** For messages of one event each: call the result with how many of them it shall hold, at most `most`. */
  messages(most: number): (count: number) => Buffer {
    const message = framed(this.#envelope);
    const template = Buffer.concat(new Array<Buffer>(most).fill(message));
    return (count) => {
      const bytes = Buffer.from(template.subarray(0, count * message.length));
      this.#numberAll(bytes, FRAME_HEADER_BYTES + this.#idOffset, message.length, bytes.length);
      return bytes;
    };
  }

  /** For messages of one batch each: call the result with each sequence number in turn. */
  batches(events: number): (sequence: number) => Buffer {
    const batch = encodeBatch(0, new Array<Buffer>(events).fill(this.#envelope)).subarray(2);
    const stride = batch.length / events;
    const template = framed(Buffer.concat([batch, Buffer.alloc(SEQUENCE_BYTES)]));
    const behind = template.length - SEQUENCE_BYTES;
    const firstId = FRAME_HEADER_BYTES + stride - this.#envelope.length + this.#idOffset;
    return (sequence) => {
      const bytes = Buffer.from(template);
      this.#numberAll(bytes, firstId, stride, behind);
      writeSequence(bytes, behind, sequence);
      return bytes;
    };
  }

  #numberAll(bytes: Buffer, first: number, stride: number, end: number): void {
    for (let id = first; id < end; id += stride) {
      let rest = this.#next;
      this.#next += 1;
      for (let at = id + ID_DIGITS - 1; at >= id; at -= 1) {
        bytes[at] = ZERO + (rest % 10);
        rest = (rest / 10) | 0;
      }
      EventSource.#lastOrdinal += 1;
      const ordinalAt = id - this.#idOffset + this.#envelope.length - ORDINAL_BYTES;
      writePadded(bytes, ordinalAt, ORDINAL_BYTES, EventSource.#lastOrdinal);
    }
  }
}

/** Behind the events, for fields may come in any order. */
function writeSequence(bytes: Buffer, offset: number, sequence: number): void {
  bytes[offset] = 0x08;
  writePadded(bytes, offset + 1, SEQUENCE_BYTES - 1, sequence);
}

/** A varint may be longer than it needs to be. @param value less than 2^32 */
function writePadded(bytes: Buffer, offset: number, length: number, value: number): void {
  let rest = value;
  const last = offset + length - 1;
  for (let at = offset; at < last; at += 1) {
    bytes[at] = (rest & 0x7f) | 0x80;
    rest >>>= 7;
  }
  bytes[last] = rest & 0x7f;
}

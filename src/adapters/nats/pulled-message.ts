import type { Msg } from 'nats';
import { SEQUENCE_HEADER } from './log-entry-sender.ts';

/** A message of a stream as a pull consumer delivers it. */
export interface PulledMessage {
  readonly subject: string;
  readonly data: Uint8Array;
  /** Running sequence within its simulation; 0: none. */
  readonly simulationSequence: number;
  readonly consumer: string;
  /** Of the stream. */
  readonly sequence: number;
  /** Rises by 1 with every delivery of one consumer. */
  readonly delivery: number;
  /** When it was stored, ms since the Unix epoch. */
  readonly timeMs: number;
  /** How many more the consumer had for us when it sent this one. */
  readonly pending: number;
}

/**
 * Reads the reply subject that says all of this: `$JS.ACK.STREAM.CONSUMER.TRIES.SEQUENCE.DELIVERY.NANOSECONDS.PENDING`, with
 * a domain and an account hash before the stream in its longer form.
 *
 * @returns undefined for what is no message of a stream: the server's word about the request
 */
export function pulledMessage({
  reply,
  subject,
  data,
  headers,
}: Pick<Msg, 'reply' | 'subject' | 'data' | 'headers'>): PulledMessage | undefined {
  if (reply === undefined || !reply.startsWith('$JS.ACK.')) return undefined;
  const tokens = reply.split('.');
  const at = tokens.length > 9 ? 4 : 2;
  const number = (offset: number): number => Number(tokens[at + offset]);
  return {
    subject,
    data,
    simulationSequence: sequenceOf(headers?.get(SEQUENCE_HEADER)),
    consumer: tokens[at + 1] ?? '',
    sequence: number(3),
    delivery: number(4),
    // Nanoseconds have more digits than a number; cut, they are the milliseconds.
    timeMs: Number(tokens[at + 5]?.slice(0, -6)),
    pending: number(6),
  };
}

/** Anyone with the right to publish may have written it. */
function sequenceOf(text: string | undefined): number {
  const sequence = Number(text);
  return Number.isSafeInteger(sequence) && sequence > 0 ? sequence : 0;
}

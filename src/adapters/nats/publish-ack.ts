/** What the server answered to one message published to the stream. */
export type PublishAck =
  | { readonly kind: 'stored'; readonly sequence: number; readonly duplicate: boolean }
  | { readonly kind: 'refused'; readonly code: number; readonly reason: string };

const NO_RESPONDERS: PublishAck = {
  kind: 'refused',
  code: 503,
  reason: 'no stream captures the subject, or it has no leader',
};

const ZERO = 0x30;
const NINE = 0x39;
const CLOSING_BRACE = 0x7d;
const LETTER_S = 0x73;

/**
 * Reads the sequence out of the usual answer, `{"stream":"LOGGING_EVENTS", "seq":123}`, without decoding it: there is
 * one for every logged event.
 *
 * @returns 0 for every other answer, which {@link parsePublishAck} then reads
 */
export function readStoredSequence(answer: Uint8Array): number {
  let at = answer.length - 1;
  if (answer[at] !== CLOSING_BRACE || answer[2] !== LETTER_S) return 0;
  let sequence = 0;
  let unit = 1;
  for (at -= 1; at > 0; at -= 1) {
    const digit = answer[at] ?? 0;
    if (digit < ZERO || digit > NINE) break;
    sequence += (digit - ZERO) * unit;
    unit *= 10;
  }
  return Number.isSafeInteger(sequence) ? sequence : 0;
}

/** The server answers nobody-listens with a header and an empty message. */
export function parsePublishAck(answer: Uint8Array): PublishAck {
  if (answer.length === 0) return NO_RESPONDERS;
  try {
    const { seq, duplicate, error } = JSON.parse(Buffer.from(answer).toString()) as AckJson;
    if (error !== undefined)
      return { kind: 'refused', code: error.err_code ?? 0, reason: error.description ?? 'unknown' };
    if (typeof seq === 'number' && seq > 0) return { kind: 'stored', sequence: seq, duplicate: duplicate === true };
  } catch {
    // Not an acknowledgement of JetStream: handled as a refusal, below.
  }
  return { kind: 'refused', code: 0, reason: 'the server answered something that is no acknowledgement' };
}

interface AckJson {
  readonly seq?: number;
  readonly duplicate?: boolean;
  readonly error?: { readonly err_code?: number; readonly description?: string };
}

/** Errors that this very message will always meet: larger than the stream's messages or headers may be. */
const PERMANENT = new Set([10_054, 10_097]);

/** All other refusals may pass: a leader is elected, a full stream ages, an administrator makes room. */
export function isPermanent(code: number): boolean {
  return PERMANENT.has(code);
}

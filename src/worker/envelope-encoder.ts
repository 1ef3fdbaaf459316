/** The fields of an event envelope (contract section 1) that a worker writes itself. */
export interface EnvelopeFields {
  readonly eventId: string;
  readonly key: string;
  readonly payload: Uint8Array;
  readonly timestampNs: bigint;
  readonly workerId: string;
  readonly simulationId: string;
  readonly contentType: string;
  readonly correlationId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly ordinal: number;
}

/**
 * Serialises `fes.common.events.GenericEventRequest`, in the order of its fields.
 *
 * By hand, because an event is encoded once and its bytes then wait in the outbox, go out in a batch and perhaps go out
 * again; the general encoder needs an object for each of these and is several times slower.
 */
export function encodeEnvelope(fields: EnvelopeFields): Buffer {
  const { eventId, key, payload, workerId, simulationId, contentType, correlationId, attributes } = fields;
  const entries = Object.entries(attributes).map(([name, value]) => ({ name, value, size: entrySize(name, value) }));
  const size =
    textSize(eventId) +
    textSize(key) +
    (payload.length === 0 ? 0 : framedSize(payload.length)) +
    1 +
    bigVarintSize(fields.timestampNs) +
    textSize(workerId) +
    textSize(simulationId) +
    textSize(contentType) +
    textSize(correlationId) +
    entries.reduce((sum, entry) => sum + framedSize(entry.size), 0) +
    (fields.ordinal === 0 ? 0 : 1 + varintSize(fields.ordinal));
  const out = Buffer.allocUnsafe(size);
  let at = writeText(out, 0, 1, eventId);
  at = writeText(out, at, 2, key);
  at = writeBytes(out, at, 3, payload);
  out[at] = tag(4, varintType);
  at = writeBigVarint(out, at + 1, fields.timestampNs);
  at = writeText(out, at, 5, workerId);
  at = writeText(out, at, 6, simulationId);
  at = writeText(out, at, 7, contentType);
  at = writeText(out, at, 8, correlationId);
  for (const entry of entries) {
    out[at] = tag(9, lengthType);
    at = writeVarint(out, at + 1, entry.size);
    at = writeText(out, at, 1, entry.name);
    at = writeText(out, at, 2, entry.value);
  }
  if (fields.ordinal !== 0) {
    out[at] = tag(10, varintType);
    writeVarint(out, at + 1, fields.ordinal);
  }
  return out;
}

/** How much of a batch an encoded envelope takes: its bytes with tag and length. */
export function batchedSize(envelopeBytes: number): number {
  return framedSize(envelopeBytes);
}

/** The most that a batch takes beside its envelopes: tag and value of `sequence`. */
export const batchOverheadBytes = 9;

/** Serialises `ReportEventBatchesRequest` of envelopes that are encoded already. */
export function encodeBatch(sequence: number, envelopes: readonly Uint8Array[]): Buffer {
  let size = 1 + varintSize(sequence);
  for (const envelope of envelopes) size += framedSize(envelope.length);
  const out = Buffer.allocUnsafe(size);
  out[0] = tag(1, varintType);
  let at = writeVarint(out, 1, sequence);
  for (const envelope of envelopes) {
    out[at] = tag(2, lengthType);
    at = writeVarint(out, at + 1, envelope.length);
    out.set(envelope, at);
    at += envelope.length;
  }
  return out;
}

const varintType = 0;
const lengthType = 2;

function tag(field: number, type: number): number {
  return (field << 3) | type;
}

function entrySize(name: string, value: string): number {
  return textSize(name) + textSize(value);
}

/** Tag, length and bytes; nothing for an empty text, as proto3 leaves defaults out. */
function textSize(text: string): number {
  return text === '' ? 0 : framedSize(Buffer.byteLength(text));
}

function framedSize(length: number): number {
  return 1 + varintSize(length) + length;
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest >= 0x80; rest = Math.floor(rest / 0x80)) size++;
  return size;
}

function bigVarintSize(value: bigint): number {
  let size = 1;
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) size++;
  return size;
}

function writeVarint(out: Buffer, at: number, value: number): number {
  let rest = value;
  let next = at;
  // Division, not shifting: an ordinal may pass 32 bits.
  while (rest >= 0x80) {
    out[next++] = (rest % 0x80) | 0x80;
    rest = Math.floor(rest / 0x80);
  }
  out[next++] = rest;
  return next;
}

function writeBigVarint(out: Buffer, at: number, value: bigint): number {
  let rest = value;
  let next = at;
  while (rest >= 0x80n) {
    out[next++] = Number(rest & 0x7fn) | 0x80;
    rest >>= 7n;
  }
  out[next++] = Number(rest);
  return next;
}

function writeText(out: Buffer, at: number, field: number, text: string): number {
  if (text === '') return at;
  out[at] = tag(field, lengthType);
  const length = Buffer.byteLength(text);
  const start = writeVarint(out, at + 1, length);
  return start + out.write(text, start);
}

function writeBytes(out: Buffer, at: number, field: number, bytes: Uint8Array): number {
  if (bytes.length === 0) return at;
  out[at] = tag(field, lengthType);
  const start = writeVarint(out, at + 1, bytes.length);
  out.set(bytes, start);
  return start + bytes.length;
}

import type { SeenEvent } from './observations.ts';

const TIMESTAMP_BYTES = 8;
const MASK = Buffer.from('\0timestamp\0');

/** How two rows of events differ in key, attributes, content type and payload; undefined where they do not. */
export function firstDifference(one: readonly SeenEvent[], other: readonly SeenEvent[]): string | undefined {
  const at = one.findIndex((event, index) => differs(event, other[index]) !== undefined);
  if (at < 0) return one.length === other.length ? undefined : `${one.length} events, then ${other.length}`;
  const event = one[at];
  if (event === undefined) return undefined;
  return `event ${at + 1} of ${one.length}, ${event.envelope.eventTypeKey}, differs in its ${differs(event, other[at])}`;
}

function differs(one: SeenEvent, other: SeenEvent | undefined): string | undefined {
  if (other === undefined) return 'presence';
  const [a, b] = [one.envelope, other.envelope];
  if (a.eventTypeKey !== b.eventTypeKey) return `key: ${b.eventTypeKey}`;
  if (a.payloadContentType !== b.payloadContentType) return 'content type';
  if (attributesOf(one) !== attributesOf(other)) return `attributes: ${attributesOf(one)} and ${attributesOf(other)}`;
  return maskedPayload(one).equals(maskedPayload(other)) ? undefined : 'payload';
}

function attributesOf({ envelope }: SeenEvent): string {
  return JSON.stringify(Object.entries(envelope.attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The payload without the event's own time, which is another each time. */
function maskedPayload({ envelope }: SeenEvent): Buffer {
  const ns = BigInt(envelope.timestampNs);
  return ns <= 0n ? envelope.eventPayload : spellings(ns).reduce(masked, envelope.eventPayload);
}

/** How a time may stand in a payload: fixed, either end first; as a varint; as text. */
function spellings(ns: bigint): Buffer[] {
  const [little, big] = [Buffer.alloc(TIMESTAMP_BYTES), Buffer.alloc(TIMESTAMP_BYTES)];
  little.writeBigUInt64LE(ns);
  big.writeBigUInt64BE(ns);
  return [little, big, varint(ns), Buffer.from(ns.toString())];
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left >>= 7n) {
    if (left < 0x80n) return Buffer.from([...bytes, Number(left)]);
    bytes.push(Number(left & 0x7fn) | 0x80);
  }
}

function masked(payload: Buffer, needle: Buffer): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (let at = payload.indexOf(needle); at >= 0; at = payload.indexOf(needle, from)) {
    parts.push(payload.subarray(from, at), MASK);
    from = at + needle.length;
  }
  return Buffer.concat([...parts, payload.subarray(from)]);
}

const SEQUENCE = 1;
const EVENTS = 2;
const VARINT = 0;
const LENGTH_DELIMITED = 2;

/** A ReportEventBatchesRequest around envelopes that are bytes already. */
export function batchBytes(sequence: number, envelopes: readonly Buffer[]): Buffer {
  return Buffer.concat([...tagged(SEQUENCE, VARINT, sequence), ...envelopes.flatMap(eventField)]);
}

/** How much an envelope takes in a batch, in bytes. */
export function sizeInBatch(envelope: Buffer): number {
  return eventField(envelope).reduce((size, bytes) => size + bytes.length, 0);
}

function eventField(envelope: Buffer): Buffer[] {
  return [...tagged(EVENTS, LENGTH_DELIMITED, envelope.length), envelope];
}

function tagged(field: number, wireType: number, value: number): Buffer[] {
  return [varint(field * 8 + wireType), varint(value)];
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

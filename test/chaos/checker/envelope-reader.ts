/** The fields of an envelope that the checker looks at. */
export interface ReadEnvelope {
  readonly eventId: string;
  readonly key: string;
  readonly payload: Uint8Array;
  readonly workerId: string;
  readonly simulationId: string;
  /** 0 where it has none. */
  readonly ordinal: number;
}

/** Reads protobuf by its wire format alone, so that what Shoal's code makes of an envelope does not count. */
export function readEnvelope(bytes: Uint8Array): ReadEnvelope {
  const fields = new Map<number, Uint8Array | number>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('an envelope ends in the middle of a number');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    // A scalar that comes twice: the last counts.
    if (tag % 8 === 0) fields.set(number, varint());
    else if (tag % 8 === 2) {
      const length = varint();
      if (at + length > bytes.length) throw new Error('an envelope ends in the middle of a field');
      fields.set(number, bytes.subarray(at, at + length));
      at += length;
    } else throw new Error(`an envelope has the tag ${tag}`);
  }
  const blob = (number: number) => fields.get(number) as Uint8Array | undefined;
  const text = (number: number) => Buffer.from(blob(number) ?? []).toString();
  return {
    eventId: text(1),
    key: text(2),
    payload: blob(3) ?? new Uint8Array(),
    workerId: text(5),
    simulationId: text(6),
    ordinal: (fields.get(10) as number | undefined) ?? 0,
  };
}

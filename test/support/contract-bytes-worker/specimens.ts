import { PbfWriter } from 'pbf';

/** Whose event it is, and which. */
export interface Origin {
  readonly workerId: string;
  readonly simulationId: string;
  readonly eventId: string;
  /** Rises by 1 with each event. */
  readonly ordinal: number;
  readonly tick: number;
}

type Specimen = (pbf: PbfWriter, key: string, origin: Origin) => void;

/** Larger than 2^53: told to the quarter of a microsecond only. */
const nowNs = (): number => Date.now() * 1e6;

/** Not text in any encoding, nor a message of any schema. */
const payload = ({ tick, ordinal }: Origin): Uint8Array =>
  Uint8Array.from([0xff, 0x00, 0xc3, 0x28, tick % 256, ordinal % 256]);

/** All ten fields, in their order. */
const complete: Specimen = (pbf, key, origin) => {
  pbf.writeStringField(1, origin.eventId);
  pbf.writeStringField(2, key);
  pbf.writeBytesField(3, payload(origin));
  pbf.writeVarintField(4, nowNs());
  pbf.writeStringField(5, origin.workerId);
  pbf.writeStringField(6, origin.simulationId);
  pbf.writeStringField(7, 'application/octet-stream');
  pbf.writeStringField(8, 'nobody-asked');
  writeAttributes(pbf, { tick: String(origin.tick), größe: '½' });
  pbf.writeVarintField(10, origin.ordinal);
};

/** As little as there can be: Shoal fills in the rest. */
const sparse: Specimen = (pbf, key, origin) => {
  pbf.writeStringField(2, key);
  pbf.writeBytesField(3, payload(origin));
};

/** With fields of a later version of the contract, of each wire type, in between and behind. */
const later: Specimen = (pbf, key, origin) => {
  pbf.writeBytesField(2047, payload(origin));
  pbf.writeStringField(1, origin.eventId);
  pbf.writeVarintField(1500, origin.tick);
  pbf.writeStringField(2, key);
  pbf.writeFixed64Field(1501, origin.tick);
  pbf.writeVarintField(10, origin.ordinal);
  pbf.writeFixed32Field(1502, 7);
};

/** In the order that no encoder has, and with a field twice: the last one counts. */
const backwards: Specimen = (pbf, key, origin) => {
  pbf.writeVarintField(10, origin.ordinal);
  writeAttributes(pbf, { tick: String(origin.tick) });
  pbf.writeStringField(6, origin.simulationId);
  pbf.writeStringField(5, origin.workerId);
  pbf.writeBytesField(3, payload(origin));
  pbf.writeStringField(2, 'bytes.not_this_one.v1');
  pbf.writeStringField(2, key);
  pbf.writeStringField(1, origin.eventId);
};

const SPECIMENS: readonly Specimen[] = [complete, sparse, later, backwards];

/** The bytes of an event; each tick has another of the specimens. */
export function specimen(key: string, origin: Origin): Uint8Array {
  const pbf = new PbfWriter();
  SPECIMENS[origin.tick % SPECIMENS.length]?.(pbf, key, origin);
  return pbf.finish();
}

/** A map is a repeated message of key and value. */
function writeAttributes(pbf: PbfWriter, attributes: Readonly<Record<string, string>>): void {
  for (const entry of Object.entries(attributes)) {
    pbf.writeMessage(
      9,
      ([name, value]: [string, string], inner) => {
        inner.writeStringField(1, name);
        inner.writeStringField(2, value);
      },
      entry,
    );
  }
}

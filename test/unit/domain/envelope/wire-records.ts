import { createFileRegistry, type DescMessage, fromBinary, type Message, type MessageShape } from '@bufbuild/protobuf';
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { readDescriptors } from '../../../../src/adapters/grpc/proto-loading.ts';

/** What a decoder makes of an envelope. */
export type DecodedEnvelope = Message & {
  readonly eventId: string;
  readonly eventTypeKey: string;
  readonly eventPayload: Uint8Array;
  readonly timestampNs: bigint;
  readonly sourceWorkerId: string;
  readonly simulationId: string;
  readonly payloadContentType: string;
  readonly correlationId: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly ordinal: bigint;
};

const schema = envelopeSchema();

function envelopeSchema(): DescMessage {
  const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, readDescriptors()));
  const message = registry.getMessage('fes.common.events.GenericEventRequest');
  if (message === undefined) throw new Error('the descriptors have no envelope');
  return message;
}

/** By @bufbuild/protobuf, which shares no code with Shoal's scanning. @throws when it refuses the bytes */
export function decode(bytes: Uint8Array): DecodedEnvelope {
  return fromBinary(schema, bytes) as MessageShape<DescMessage> as DecodedEnvelope;
}

/** Undefined when the reference refuses the bytes. */
export function tryDecode(bytes: Uint8Array): DecodedEnvelope | undefined {
  try {
    return decode(bytes);
  } catch {
    return undefined;
  }
}

/** One field as it is on the wire. */
export type WireRecord = (writer: BinaryWriter) => void;

export function write(records: readonly WireRecord[]): Uint8Array<ArrayBuffer> {
  const writer = new BinaryWriter();
  for (const record of records) record(writer);
  return Uint8Array.from(writer.finish());
}

export function text(field: number, value: string): WireRecord {
  return (writer) => writer.tag(field, WireType.LengthDelimited).string(value);
}

export function blob(field: number, value: Uint8Array): WireRecord {
  return (writer) => writer.tag(field, WireType.LengthDelimited).bytes(value);
}

export function int64(field: number, value: bigint): WireRecord {
  return (writer) => writer.tag(field, WireType.Varint).int64(value);
}

export function uint64(field: number, value: bigint): WireRecord {
  return (writer) => writer.tag(field, WireType.Varint).uint64(value);
}

export function fixed64(field: number, value: bigint): WireRecord {
  return (writer) => writer.tag(field, WireType.Bit64).fixed64(value);
}

export function fixed32(field: number, value: number): WireRecord {
  return (writer) => writer.tag(field, WireType.Bit32).fixed32(value);
}

export function group(field: number, records: readonly WireRecord[]): WireRecord {
  return (writer) => {
    writer.tag(field, WireType.StartGroup);
    for (const record of records) record(writer);
    writer.tag(field, WireType.EndGroup);
  };
}

export function raw(...bytes: number[]): WireRecord {
  return (writer) => writer.raw(Uint8Array.from(bytes));
}

/** A map entry with its records as given: a key or value may be missing, repeated, or in company. */
export function attribute(records: readonly WireRecord[]): WireRecord {
  return blob(9, write(records));
}

/** Groups within groups, `depth` of them. */
export function nestedGroups(field: number, depth: number): WireRecord {
  let innermost: readonly WireRecord[] = [];
  for (let level = 0; level < depth; level += 1) innermost = [group(field, innermost)];
  return (writer) => {
    for (const record of innermost) record(writer);
  };
}

const anyText = fc.oneof(
  fc.string({ unit: 'grapheme-ascii', maxLength: 12 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('', 'events', '\u00e9', '\ufeffbom', '\u{1f41f}', '\u0000', 'simulation_id'),
);

const anyInt64 = fc.oneof(
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.constantFrom(0n, 1n, -1n, 2n ** 31n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n)),
);

const anyUint64 = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  fc.constantFrom(0n, 1n, 127n, 128n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n, 2n ** 64n - 1n),
);

/** A field beyond those that the contract has, of any wire type. */
function unknownField(least: number): fc.Arbitrary<WireRecord> {
  const number = fc.oneof(
    fc.integer({ min: least, max: least + 30 }),
    fc.integer({ min: least, max: 2 ** 29 - 1 }),
    fc.constantFrom(2 ** 29 - 1, 2_048),
  );
  const { tree } = fc.letrec<{ tree: WireRecord; group: WireRecord; leaf: WireRecord }>((tie) => ({
    tree: fc.oneof({ maxDepth: 4, depthSize: 'small' }, tie('leaf'), tie('group')),
    group: fc.tuple(number, fc.array(tie('tree'), { maxLength: 3 })).map(([field, records]) => group(field, records)),
    leaf: fc.oneof(
      fc.tuple(number, anyUint64).map(([field, value]) => uint64(field, value)),
      fc.tuple(number, anyUint64).map(([field, value]) => fixed64(field, value)),
      fc.tuple(number, fc.integer({ min: 0, max: 2 ** 32 - 1 })).map(([field, value]) => fixed32(field, value)),
      fc.tuple(number, fc.uint8Array({ maxLength: 20 })).map(([field, value]) => blob(field, value)),
    ),
  }));
  return tree;
}

const anyAttribute = fc
  .array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom('agent_id', 'tick', 'zone', '__proto__').map((key) => text(1, key)) },
      { weight: 1, arbitrary: anyText.map((key) => text(1, key)) },
      { weight: 4, arbitrary: anyText.map((value) => text(2, value)) },
      { weight: 1, arbitrary: unknownField(3) },
    ),
    { maxLength: 4 },
  )
  .map(attribute);

/** Any well-formed envelope: fields in any order, missing, repeated, with unknown ones between. */
const anyEnvelopeRecords: fc.Arbitrary<WireRecord[]> = fc.array(
  fc.oneof(
    fc.tuple(fc.constantFrom(1, 2, 5, 6, 7, 8), anyText).map(([field, value]) => text(field, value)),
    fc.uint8Array({ maxLength: 40 }).map((payload) => blob(3, payload)),
    anyInt64.map((value) => int64(4, value)),
    anyAttribute,
    anyUint64.map((value) => uint64(10, value)),
    unknownField(11),
  ),
  { maxLength: 16 },
);

export const anyEnvelope = anyEnvelopeRecords.map(write);

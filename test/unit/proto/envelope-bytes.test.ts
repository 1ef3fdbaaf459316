import { clone, create, createFileRegistry, fromBinary, type Message, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { buildImage, messageOf } from './contract-image.ts';

/** The envelope by proto-loader, as Shoal reads and writes it. */
const ours = loadProtos().tree.fes.common.events.GenericEventRequest;

/** The envelope by @bufbuild/protobuf and buf, which share no code with proto-loader: as others read and write it. */
const image = buildImage();
const theirs = messageOf(image, 'fes.common.events.GenericEventRequest');

/** The same as older readers and writers have it, from before fields 9 and 10. */
const theirsBefore9 = olderEnvelope();

const int64 = { min: -(2n ** 63n), max: 2n ** 63n - 1n };
const uint64 = { min: 0n, max: 2n ** 64n - 1n };

const full = {
  eventId: '7f3a-1',
  eventTypeKey: 'sim.agent_observation.v1',
  eventPayload: Uint8Array.of(0, 1, 127, 128, 255),
  timestampNs: 1_753_264_800_123_456_789n,
  sourceWorkerId: 'w-1',
  simulationId: 'reef-1',
  payloadContentType: 'application/protobuf; message=fes.simulation.agent.AgentObservation',
  correlationId: 'cmd-9',
};
const fullWith9And10 = { ...full, attributes: { agent_id: 'fish-7', tick: '42' }, ordinal: 43n };

type Envelope = typeof fullWith9And10;

describe('envelope bytes written by another implementation', () => {
  test('are read field by field, with attributes and ordinal', () => {
    expect(read(write(theirs, fullWith9And10))).toEqual(asOurs(fullWith9And10));
  });

  test('are read with no attributes and ordinal 0 where the writer does not know these fields', () => {
    expect(read(write(theirsBefore9, full))).toEqual(asOurs({ ...full, attributes: {}, ordinal: 0n }));
  });

  test('are read with every field at its default where they are empty', () => {
    expect(read(write(theirs, {}))).toEqual(asOurs({ ...emptyEnvelope(), attributes: {}, ordinal: 0n }));
  });

  test.each([
    ['least', int64.min, uint64.min],
    ['greatest', int64.max, uint64.max],
    ['just past what a double holds', -(2n ** 53n) - 1n, 2n ** 53n + 1n],
  ])('keep 64-bit integers exact: %s', (_, timestampNs, ordinal) => {
    const envelope = { ...fullWith9And10, timestampNs, ordinal };
    expect(read(write(theirs, envelope))).toEqual(asOurs(envelope));
  });

  test('are read as any writer may write them', () => {
    fc.assert(
      fc.property(anyEnvelope(), (envelope) => {
        expect(read(write(theirs, envelope))).toEqual(asOurs(envelope));
      }),
    );
  });

  test('are read byte by byte as the wire format says, whoever wrote them', () => {
    const bytes = Buffer.concat([
      Buffer.from('0a0165', 'hex'), // 1, length 1: "e"
      Buffer.from('12036b2e31', 'hex'), // 2, length 3: "k.1"
      Buffer.from('1a02ff00', 'hex'), // 3, length 2
      Buffer.from('20ffffffffffffffffff01', 'hex'), // 4: -1 as ten bytes
      Buffer.from('2a0177', 'hex'), // 5: "w"
      Buffer.from('3204f09f909f', 'hex'), // 6: U+1F41F in UTF-8
      Buffer.from('3a0163', 'hex'), // 7: "c"
      Buffer.from('420172', 'hex'), // 8: "r"
      Buffer.from('4a060a0161120162', 'hex'), // 9: an entry of key "a" (1) and value "b" (2)
      Buffer.from('50ffffffffffffffffff01', 'hex'), // 10: 2^64 - 1
    ]);
    expect(read(bytes)).toEqual({
      eventId: 'e',
      eventTypeKey: 'k.1',
      eventPayload: Buffer.of(255, 0),
      timestampNs: '-1',
      sourceWorkerId: 'w',
      simulationId: '\u{1F41F}',
      payloadContentType: 'c',
      correlationId: 'r',
      attributes: { a: 'b' },
      ordinal: '18446744073709551615',
    });
  });

  test('may be filled in by appending: the last value of a field counts', () => {
    const reported = write(theirs, { ...full, simulationId: '', timestampNs: 0n });
    const filledIn = write(theirs, { simulationId: 'reef-1', timestampNs: 5n });
    const bytes = Buffer.concat([reported, filledIn]);
    expect(read(bytes)).toEqual(asOurs({ ...full, timestampNs: 5n, attributes: {}, ordinal: 0n }));
    expect(fromBinary(theirs, bytes)).toMatchObject({ simulationId: 'reef-1', timestampNs: 5n });
  });
});

describe('envelope bytes written by Shoal', () => {
  test('are read by another implementation', () => {
    fc.assert(
      fc.property(anyEnvelope(), (envelope) => {
        expect(fieldsOf(fromBinary(theirs, ours.serialize(asOurs(envelope))))).toEqual(envelope);
      }),
    );
  });

  test('are read by a reader from before fields 9 and 10, which passes them on', () => {
    const bytes = ours.serialize(asOurs(fullWith9And10));
    const old = fromBinary(theirsBefore9, bytes);
    expect(fieldsOf(old)).toEqual(full);
    expect(read(toBinary(theirsBefore9, clone(theirsBefore9, old)))).toEqual(asOurs(fullWith9And10));
  });
});

function anyEnvelope(): fc.Arbitrary<Envelope> {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  return fc.record({
    eventId: text,
    eventTypeKey: text,
    eventPayload: fc.uint8Array({ maxLength: 40 }),
    timestampNs: fc.bigInt(int64),
    sourceWorkerId: text,
    simulationId: text,
    payloadContentType: text,
    correlationId: text,
    attributes: fc.dictionary(text, text, { noNullPrototype: true }) as fc.Arbitrary<Envelope['attributes']>,
    ordinal: fc.bigInt(uint64),
  });
}

function emptyEnvelope(): typeof full {
  return {
    eventId: '',
    eventTypeKey: '',
    eventPayload: new Uint8Array(),
    timestampNs: 0n,
    sourceWorkerId: '',
    simulationId: '',
    payloadContentType: '',
    correlationId: '',
  };
}

/** An envelope as proto-loader shows it: integers of 64 bits as strings, bytes as Buffer. */
function asOurs(
  envelope: Envelope | (typeof full & { attributes: object; ordinal: bigint }),
): GenericEventRequestOutput {
  return {
    ...envelope,
    attributes: { ...envelope.attributes },
    eventPayload: Buffer.from(envelope.eventPayload),
    timestampNs: String(envelope.timestampNs),
    ordinal: String(envelope.ordinal),
  };
}

function read(bytes: Uint8Array): GenericEventRequestOutput {
  return ours.deserialize(Buffer.from(bytes));
}

function write(schema: typeof theirs, fields: Record<string, unknown>): Uint8Array {
  return toBinary(schema, create(schema, fields));
}

/** The fields of a message of theirs, without what the library keeps beside them. */
function fieldsOf(message: Message): object {
  const { $typeName, $unknown, eventPayload, ...fields } = message as Message & { eventPayload: Uint8Array };
  return { ...fields, eventPayload: Uint8Array.from(eventPayload) };
}

function olderEnvelope(): typeof theirs {
  const older = clone(FileDescriptorSetSchema, image);
  const file = older.file.find(({ name }) => name === 'fes/common/events/generic_event.proto');
  const message = file?.messageType[0];
  if (message === undefined) throw new Error('no envelope in the image');
  message.field = message.field.filter(({ number }) => number <= 8);
  message.nestedType = [];
  const found = createFileRegistry(older).getMessage(theirs.typeName);
  if (found === undefined) throw new Error('no envelope in the older image');
  return found;
}

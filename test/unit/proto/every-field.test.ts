import { create, type DescField, type DescMessage, equals, fromBinary, ScalarType, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { buildImage, ownFiles } from './contract-image.ts';

interface Codec {
  serialize(message: object): Buffer;
  deserialize(bytes: Buffer): object;
}

const fields = ownFiles(buildImage())
  .flatMap((file) => file.messages)
  .flatMap((message) => message.fields);

describe('every field of the contract', () => {
  test('passes through proto-loader unchanged, when alone in its message', () => {
    expect(fields.length).toBeGreaterThan(150);
    for (const field of fields) {
      const sent = create(field.parent, withOnly(field));
      const codec = loadProtos().definition[field.parent.typeName] as unknown as Codec;
      const bytes = toBinary(field.parent, sent);
      const passed = codec.serialize(codec.deserialize(Buffer.from(bytes)));
      expect(bytes.length, `${field} is set`).toBeGreaterThan(0);
      expect(equals(field.parent, fromBinary(field.parent, passed), sent), `${field} is the same`).toBe(true);
    }
  });
});

/** A message with this field set to a value that is not its default. */
function withOnly(field: DescField): Record<string, unknown> {
  const value = sampleOf(field);
  if (field.oneof !== undefined) return { [field.oneof.localName]: { case: field.localName, value } };
  return { [field.localName]: value };
}

function sampleOf(field: DescField): unknown {
  const single =
    field.scalar !== undefined ? sampleScalar(field.scalar) : field.message ? sampleMessage(field.message) : 1;
  if (field.fieldKind === 'map') return { key: single };
  return field.fieldKind === 'list' ? [single, single] : single;
}

function sampleMessage(message: DescMessage): unknown {
  // As a JSON object in @bufbuild/protobuf.
  if (message.typeName === 'google.protobuf.Struct') return { depth: 12.5, deep: { list: [true, null, 'x'] } };
  const [first] = message.fields;
  return create(message, first === undefined ? {} : withOnly(first));
}

function sampleScalar(scalar: ScalarType): unknown {
  switch (scalar) {
    case ScalarType.STRING:
      return '\u{1F41F} fish';
    case ScalarType.BYTES:
      return Uint8Array.of(0, 255);
    case ScalarType.BOOL:
      return true;
    case ScalarType.INT64:
      return -(2n ** 63n);
    case ScalarType.UINT64:
      return 2n ** 64n - 1n;
    case ScalarType.INT32:
      return -(2 ** 31);
    case ScalarType.UINT32:
      return 2 ** 32 - 1;
    default:
      return -0.5;
  }
}

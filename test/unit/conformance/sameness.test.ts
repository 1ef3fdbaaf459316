import fc from 'fast-check';
import { expect, test } from 'vitest';
import { firstDifference } from '../../../src/conformance/sameness.ts';
import { seen } from './seen-events.ts';

const ONE_NS = 1_795_000_000_123_456_789n;
const OTHER_NS = ONE_NS + 987_654_321n;

function fixed(ns: bigint, end: 'LE' | 'BE'): Buffer {
  const bytes = Buffer.alloc(8);
  bytes[`writeBigUInt64${end}`](ns);
  return bytes;
}

function varint(ns: bigint): Buffer {
  const bytes: number[] = [];
  for (let left = ns; left > 0n; left >>= 7n) bytes.push(Number(left & 0x7fn) | (left > 0x7fn ? 0x80 : 0));
  return Buffer.from(bytes);
}

const spellings = {
  'little end first': (ns: bigint) => fixed(ns, 'LE'),
  'big end first': (ns: bigint) => fixed(ns, 'BE'),
  'a varint': varint,
  'decimal text': (ns: bigint) => Buffer.from(String(ns)),
};

function at(ns: bigint, spelt: Buffer) {
  const eventPayload = Buffer.concat([Buffer.from('before'), spelt, Buffer.from('between'), spelt]);
  return { timestampNs: String(ns), eventPayload };
}

test.each(Object.entries(spellings))('the time of the event itself does not count in a payload, as %s', (_, spell) => {
  expect(firstDifference(seen(at(ONE_NS, spell(ONE_NS))), seen(at(OTHER_NS, spell(OTHER_NS))))).toBeUndefined();
});

test('any other time in a payload does', () => {
  const [one, other] = [ONE_NS, OTHER_NS].map((ns) => seen({ timestampNs: String(ns), eventPayload: varint(ns + 1n) }));
  expect(firstDifference(one ?? [], other ?? [])).toBe('event 1 of 1, sim.thing.v1, differs in its payload');
});

test('ids, ordinals and times do not count; key, content type and attributes do, whatever their order', () => {
  const base = { attributes: { a: '1', b: '2' } };
  const same = { attributes: { b: '2', a: '1' }, eventId: 'another', ordinal: '77', timestampNs: '5' };
  expect(firstDifference(seen(base), seen(same))).toBeUndefined();
  expect(firstDifference(seen(base), seen({ ...base, eventTypeKey: 'x' }))).toContain('differs in its key: x');
  expect(firstDifference(seen(base), seen({ ...base, payloadContentType: 'x' }))).toContain('content type');
  expect(firstDifference(seen(base), seen({ attributes: { a: '1' } }))).toContain('attributes');
});

test('a time that stands in a payload very often does not count either', () => {
  const often = (ns: bigint) => ({ timestampNs: String(ns), eventPayload: Buffer.from(String(ns).repeat(20_000)) });
  expect(firstDifference(seen(often(ONE_NS)), seen(often(OTHER_NS)))).toBeUndefined();
});

test('a row that is longer is another', () => {
  expect(firstDifference(seen({}), seen({}, {}))).toBe('1 events, then 2');
  expect(firstDifference(seen({}, {}), seen({}))).toBe('event 2 of 2, sim.thing.v1, differs in its presence');
});

test('two payloads without a time are the same exactly when their bytes are', () => {
  fc.assert(
    fc.property(fc.uint8Array(), fc.uint8Array(), (a, b) => {
      const [one, other] = [a, b].map((bytes) => seen({ timestampNs: '0', eventPayload: Buffer.from(bytes) }));
      expect(firstDifference(one ?? [], other ?? []) === undefined).toBe(Buffer.from(a).equals(Buffer.from(b)));
    }),
  );
});

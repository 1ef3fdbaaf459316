import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EnvelopeView } from '../../../../src/domain/envelope/envelope-view.ts';
import { expectSame } from './same-as-decoded.ts';
import {
  anyEnvelope,
  attribute,
  blob,
  decode,
  fixed32,
  fixed64,
  group,
  int64,
  nestedGroups,
  raw,
  text,
  tryDecode,
  uint64,
  type WireRecord,
  write,
} from './wire-records.ts';

const view = new EnvelopeView();

function scan(...records: WireRecord[]): string | undefined {
  return view.scan(write(records));
}

describe('scanning an envelope', () => {
  test('tells what decoding tells, of any envelope', () => {
    fc.assert(
      fc.property(anyEnvelope, (bytes) => {
        expect(view.scan(bytes)).toBeUndefined();
        expectSame(view, decode(bytes));
      }),
      { numRuns: 1_000 },
    );
  });

  test('leaves nothing of the envelope before', () => {
    fc.assert(
      fc.property(anyEnvelope, anyEnvelope, (before, bytes) => {
        view.scan(before);
        view.scan(bytes);
        expectSame(view, decode(bytes));
      }),
    );
  });

  test('does not take bytes for the text of the envelope before that only looks the same', () => {
    scan(text(2, 'é'), text(5, 'é'), text(6, 'é'));
    for (const field of [2, 5, 6]) expect(scan(blob(field, Uint8Array.of(0xe9)))).toMatch(/is not UTF-8$/);
    scan(text(2, 'ab'), text(5, 'ab'), text(6, 'ab'));
    scan(text(2, 'ac'), text(5, 'a'), text(6, 'abc'));
    expect([view.eventTypeKey, view.sourceWorkerId, view.simulationId]).toEqual(['ac', 'a', 'abc']);
  });

  test('lets the last of a repeated field count, an empty one too', () => {
    scan(
      text(1, 'first'),
      int64(4, 7n),
      text(1, 'last'),
      text(6, 'a'),
      text(6, ''),
      int64(4, 0n),
      uint64(10, 5n),
      uint64(10, 6n),
    );
    expect([view.eventId, view.simulationId, view.timestampIsAbsent, view.ordinal]).toEqual(['last', '', true, 6]);
  });

  test.each([
    [0n, { absent: true, negative: false }],
    [1n, { absent: false, negative: false }],
    [-1n, { absent: false, negative: true }],
    [2n ** 63n - 1n, { absent: false, negative: false }],
    [-(2n ** 63n), { absent: false, negative: true }],
    [2n ** 32n, { absent: false, negative: false }],
    [2n ** 31n, { absent: false, negative: false }],
  ])('knows of the timestamp %i whether it is absent or negative', (value, expected) => {
    expect(scan(int64(4, value))).toBeUndefined();
    expect({ absent: view.timestampIsAbsent, negative: view.timestampIsNegative }).toEqual(expected);
  });

  test.each([0n, 127n, 128n, 2n ** 32n - 1n, 2n ** 32n, 2n ** 53n - 1n, 2n ** 53n])(
    'reads the ordinal %i exactly',
    (value) => {
      scan(uint64(10, value));
      expect(BigInt(view.ordinal)).toBe(value);
    },
  );

  test('takes the greatest ordinal for the nearest number there is', () => {
    scan(uint64(10, 2n ** 64n - 1n));
    expect(view.ordinal).toBe(2 ** 64);
  });

  test.each([
    ['its key is missing', [text(2, 'v')], '', 'v'],
    ['its value is missing', [text(1, 'k')], 'k', ''],
    ['it is empty', [], '', ''],
    ['its value comes first', [text(2, 'v'), text(1, 'k')], 'k', 'v'],
    ['key and value are repeated', [text(1, 'a'), text(2, 'x'), text(1, 'k'), text(2, 'v')], 'k', 'v'],
    ['it has other fields', [text(1, 'k'), fixed32(3, 1), group(4, [text(1, 'in a group')]), text(2, 'v')], 'k', 'v'],
  ])('reads an attribute where %s', (_what, records, key, value) => {
    expect(scan(attribute(records))).toBeUndefined();
    expect(view.attribute(key)).toBe(value);
  });

  test('knows the last of two attributes of one name, and none of a name that there is not', () => {
    scan(attribute([text(1, 'k'), text(2, 'first')]), attribute([text(1, 'k'), text(2, 'last')]));
    expect([view.attribute('k'), view.attribute('kk'), view.attribute('')]).toEqual(['last', undefined, undefined]);
  });

  test('takes text beyond ASCII as text', () => {
    scan(text(1, 'é\u{1f41f}'), attribute([text(1, 'naïve'), text(2, '\ufeffü')]));
    expect([view.eventId, view.attribute('naïve')]).toEqual(['é\u{1f41f}', '\ufeffü']);
  });

  test('accepts groups as deep as every reader does', () => {
    const bytes = write([nestedGroups(20, 64), text(1, 'id')]);
    expect(view.scan(bytes)).toBeUndefined();
    expect([view.eventId, decode(bytes).eventId]).toEqual(['id', 'id']);
  });
});

describe('bytes that are no envelope', () => {
  test('are refused with a reason, whatever they are, and nothing else is thrown', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        const problem = view.scan(bytes);
        expect(problem === undefined || problem.length > 0).toBe(true);
        if (problem === undefined) expectSame(view, decode(bytes));
      }),
      { numRuns: 3_000 },
    );
  });

  test('are never passed on when a decoder refuses them or reads them differently, nor refused without one of our reasons', () => {
    fc.assert(
      fc.property(spoiltEnvelope(), (bytes) => {
        const problem = view.scan(bytes);
        const decoded = tryDecode(bytes);
        if (problem === undefined) {
          if (decoded === undefined) throw new Error('scanning accepts what the reference refuses');
          expectSame(view, decoded);
        } else if (decoded !== undefined) {
          expect(
            STRICTER.some((reason) => reason.test(problem)),
            problem,
          ).toBe(true);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  test('include every envelope that is cut, unless it is cut between two fields', () => {
    fc.assert(
      fc.property(anyEnvelope, (bytes) => {
        for (let length = 0; length < bytes.length; length += 1) {
          const cut = bytes.slice(0, length);
          const decoded = tryDecode(cut);
          expect(view.scan(cut) === undefined).toBe(decoded !== undefined);
          if (decoded !== undefined) expectSame(view, decoded);
        }
      }),
      { numRuns: 100 },
    );
  });

  test.each<[string, WireRecord[], string]>([
    ['ends within a tag', [raw(0x8a)], 'it ends within a number'],
    ['ends within a number', [raw(0x20, 0x80)], 'it ends within a number'],
    ['ends within a string', [raw(0x0a, 0x05, 0x61)], 'it ends within a field'],
    ['ends within a fixed64', [raw(0x59, 1, 2, 3)], 'it ends within a field'],
    ['ends within a fixed32', [raw(0x5d, 1, 2, 3)], 'it ends within a field'],
    ['ends within a group', [raw(0x5b, 0x08, 0x01)], 'it ends within a group'],
    ['has the field 0', [raw(0x00, 0x00)], 'a field has the number 0'],
    ['ends a group that was not begun', [raw(0x5c)], 'a field has the wire type 4'],
    ['ends a group under another number', [raw(0x5b, 0x64)], 'a group ends under another number'],
    ['has wire type 6', [raw(0x5e)], 'a field has the wire type 6'],
    ['has wire type 7 within a group', [raw(0x5b, 0x67)], 'a field has the wire type 7'],
    ['has an endless number', [raw(0x20, ...Array<number>(11).fill(0x80))], 'a number is longer than 10 bytes'],
    ['has a tag beyond 32 bits', [raw(0x8a, 0x80, 0x80, 0x80, 0x10, 0x00)], 'a field tag is too long'],
    ['has a tag padded to 6 bytes', [raw(0x8a, 0x80, 0x80, 0x80, 0x80, 0x00, 0x00)], 'a field tag is too long'],
    ['has text that is not UTF-8', [blob(7, Uint8Array.of(0xff))], 'payload_content_type is not UTF-8'],
    [
      'has an attribute that is not UTF-8',
      [attribute([blob(1, Uint8Array.of(0xc0, 0x80))])],
      'attributes is not UTF-8',
    ],
    ['has an id that is not UTF-8', [blob(1, Uint8Array.of(0xe9))], 'event_id is not UTF-8'],
    [
      'has an id that is not UTF-8, and then a better one',
      [blob(6, Uint8Array.of(0xed, 0xa0, 0x80)), text(6, 'sim')],
      'simulation_id is not UTF-8',
    ],
  ])('%s', (_what, records, problem) => {
    expect(scan(...records)).toBe(problem);
    expect(tryDecode(write(records))).toBeUndefined();
  });

  /**
   * Shoal is stricter than the reference where readers differ: what one of them refuses or takes for something else must not
   * pass its edge. (Rust's prost refuses wrong wire types and numbers beyond 64 bits, C++ lengths of more than 5 bytes;
   * JavaScript's readers take a wrong wire type for the right one and lose their place.)
   */
  test.each<[string, WireRecord[], string]>([
    ['event_id as a number', [uint64(1, 3n), text(2, 'k')], 'field 1 has the wire type 0'],
    ['timestamp_ns as a string', [text(4, '\u0001')], 'field 4 has the wire type 2'],
    ['ordinal as fixed64', [fixed64(10, 1n)], 'field 10 has the wire type 1'],
    ['simulation_id as fixed32', [fixed32(6, 0)], 'field 6 has the wire type 5'],
    ['event_payload as a group', [group(3, [])], 'field 3 has the wire type 3'],
    ['attributes as a number', [uint64(9, 0n)], 'field 9 has the wire type 0'],
    [
      'the key of an attribute as a number',
      [attribute([uint64(1, 1n), raw(0x61)])],
      'attributes: field 1 has the wire type 0',
    ],
    ['the value of an attribute as a group', [attribute([group(2, [])])], 'attributes: field 2 has the wire type 3'],
    ['a length of 6 bytes', [raw(0x0a, 0x81, 0x80, 0x80, 0x80, 0x80, 0x00, 0x61)], 'a length is too long'],
    ['a length beyond 32 bits', [raw(0x0a, 0x81, 0x80, 0x80, 0x80, 0x10, 0x61)], 'it ends within a field'],
    ['a number beyond 64 bits', [raw(0x50, ...Array<number>(9).fill(0xff), 0x03)], 'a number has more than 64 bits'],
    [
      'an unknown number of 11 bytes',
      [raw(0x58, ...Array<number>(10).fill(0x80), 0x01)],
      'a number is longer than 10 bytes',
    ],
    ['an attribute that ends within its key', [raw(0x4a, 0x02, 0x0a, 0x02), text(2, 'k')], 'it ends within a field'],
    ['groups nested as deep as only some read', [nestedGroups(20, 65)], 'groups are nested too deeply'],
  ])('%s is refused', (_what, records, problem) => {
    expect(scan(...records)).toBe(problem);
  });

  test('groups nested without end neither exhaust the stack nor take long', () => {
    expect(view.scan(new Uint8Array(1_000_000).fill(0x5b))).toBe('groups are nested too deeply');
  });
});

/** Reasons for which we refuse what the reference reads; the table above has one of each. */
const STRICTER = [
  /^(attributes: )?field \d+ has the wire type \d$/,
  /^a length is too long$/,
  /^a number (has more than 64 bits|is longer than 10 bytes)$/,
  /^groups are nested too deeply$/,
  /^it ends within a (field|number|group)$/,
];

/** An envelope with some bytes changed, taken out or put in. */
function spoiltEnvelope(): fc.Arbitrary<Uint8Array<ArrayBuffer>> {
  const byte = fc.oneof(fc.integer({ min: 0, max: 255 }), fc.constantFrom(0x80, 0xff, 0x4a, 0x0a, 0x0b, 0x0c, 0x00));
  const change = fc.record({ at: fc.nat(200), what: fc.constantFrom('set', 'cut', 'insert'), byte });
  return fc.tuple(anyEnvelope, fc.array(change, { minLength: 1, maxLength: 3 })).map(([bytes, changes]) => {
    const spoilt = [...bytes];
    for (const { at, what, byte } of changes) {
      const place = spoilt.length === 0 ? 0 : at % spoilt.length;
      if (what === 'cut') spoilt.splice(place, 1);
      else if (what === 'insert') spoilt.splice(place, 0, byte);
      else spoilt[place] = byte;
    }
    return Uint8Array.from(spoilt);
  });
}

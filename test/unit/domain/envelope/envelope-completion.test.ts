import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { completeEnvelope } from '../../../../src/domain/envelope/envelope-completion.ts';
import { EnvelopeView } from '../../../../src/domain/envelope/envelope-view.ts';
import { expectSame } from './same-as-decoded.ts';
import { anyEnvelope, decode, int64, text, write } from './wire-records.ts';

const view = new EnvelopeView();

function complete(bytes: Uint8Array, timestampNs = 1_767_225_600_000_000_000n): Uint8Array {
  expect(view.scan(bytes)).toBeUndefined();
  return completeEnvelope(view, {
    eventId: () => 'filled-1',
    timestampNs: () => timestampNs,
    sourceWorkerId: 'w-1',
    simulationId: 'sim-1',
  });
}

describe('completing an envelope', () => {
  test('keeps the reported bytes in front, fills in what was empty, and changes nothing else', () => {
    fc.assert(
      fc.property(anyEnvelope, fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }), (bytes, timestampNs) => {
        const reported = bytes.slice();
        const before = decode(bytes);
        const completed = complete(bytes, timestampNs);
        expect(Buffer.from(bytes).equals(reported)).toBe(true);
        expect(Buffer.from(completed).subarray(0, reported.length).equals(reported)).toBe(true);
        expect(decode(completed)).toEqual({
          ...before,
          eventId: before.eventId || 'filled-1',
          timestampNs: before.timestampNs || timestampNs,
          sourceWorkerId: before.sourceWorkerId || 'w-1',
          simulationId: before.simulationId || 'sim-1',
        });
      }),
      { numRuns: 500 },
    );
  });

  test('brings the view up to date: it tells what the completed envelope says', () => {
    fc.assert(
      fc.property(anyEnvelope, (bytes) => {
        const completed = complete(bytes);
        expectSame(view, decode(completed));
      }),
    );
  });

  test('is done once: a completed envelope has nothing to fill in', () => {
    fc.assert(
      fc.property(anyEnvelope, (bytes) => {
        const completed = complete(bytes);
        expect(complete(completed)).toBe(completed);
      }),
    );
  });

  test('hands back the very bytes where nothing is missing, and asks for no id', () => {
    const bytes = write([text(1, 'e'), int64(4, 5n), text(5, 'w'), text(6, 's')]);
    view.scan(bytes);
    const never = () => {
      throw new Error('asked');
    };
    expect(completeEnvelope(view, { eventId: never, timestampNs: never, sourceWorkerId: 'w', simulationId: 's' })).toBe(
      bytes,
    );
  });

  test('fills in what a later, empty field has taken back', () => {
    const bytes = write([text(1, 'e'), int64(4, 5n), int64(4, 0n), text(1, '')]);
    const { eventId, timestampNs } = decode(complete(bytes, 7n));
    expect([eventId, timestampNs]).toEqual(['filled-1', 7n]);
  });

  test('takes ids of the greatest length that there is', () => {
    view.scan(new Uint8Array(0));
    const long = 'x'.repeat(128);
    const completed = completeEnvelope(view, {
      eventId: () => long,
      timestampNs: () => 1n,
      sourceWorkerId: long,
      simulationId: long,
    });
    const { eventId, sourceWorkerId, simulationId } = decode(completed);
    expect([eventId, sourceWorkerId, simulationId]).toEqual([long, long, long]);
  });
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { utcTime } from '../../../src/domain/utc-time.ts';

test('a time of day is that of ISO 8601, for every time that there is', () => {
  fc.assert(
    fc.property(fc.integer({ min: -8_640_000_000_000_000, max: 8_640_000_000_000_000 }), (ms) => {
      const [, ofDay] = new Date(ms).toISOString().split('T');
      expect(utcTime(ms)).toBe(`${ofDay?.slice(0, -1)} UTC`);
    }),
  );
});

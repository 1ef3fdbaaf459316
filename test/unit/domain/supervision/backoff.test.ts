import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { backoffMs } from '../../../../src/domain/supervision/backoff.ts';

const config = { initialMs: 200, maxMs: 10_000, factor: 2, jitter: 0.2 };

describe('backoff', () => {
  test('doubles from the first delay to the longest', () => {
    const delays = [0, 1, 2, 3, 4, 5, 6, 7].map((tries) => backoffMs(config, tries, 0.5));
    expect(delays).toEqual([200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]);
  });

  test('is spread by its jitter to both sides, evenly', () => {
    expect([0, 0.25, 0.5, 0.75].map((chance) => backoffMs(config, 0, chance))).toEqual([160, 180, 200, 220]);
  });

  test('is a whole number of ms within its bounds, however many tries and whatever the chance', () => {
    const configs = fc.record({
      initialMs: fc.integer({ min: 1, max: 3_600_000 }),
      maxMs: fc.integer({ min: 1, max: 86_400_000 }),
      factor: fc.double({ min: 1, max: 10, noNaN: true }),
      jitter: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    const chances = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(configs, fc.nat(10_000), chances, (each, tries, chance) => {
        const delayMs = backoffMs(each, tries, chance);
        expect(Number.isInteger(delayMs)).toBe(true);
        expect(delayMs).toBeGreaterThanOrEqual(1);
        expect(delayMs).toBeLessThanOrEqual(each.maxMs);
      }),
    );
  });
});

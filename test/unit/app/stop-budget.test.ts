import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { StopBudget } from '../../../src/app/stop-budget.ts';

const SECOND = 1_000;

describe('the budget of a stop', () => {
  test('of 25 s leaves workers with a grace of 5 s all of it, and time for the rest', () => {
    const budget = new StopBudget(25 * SECOND, () => 0);
    expect(budget.graceMs).toBeGreaterThan(5 * SECOND);
    expect(budget.leftMs - budget.workersMs).toBe(8 * SECOND);
  });

  test('holds, whatever the parts take of what they are given', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 3 * SECOND, max: 7 * 86_400 * SECOND }),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 20 }),
        (timeoutMs, uses) => {
          let nowMs = 0;
          const budget = new StopBudget(timeoutMs, () => nowMs);
          expect(2 * budget.graceMs + budget.reapMs).toBeLessThanOrEqual(budget.workersMs + 1e-6);
          nowMs += budget.drainMs(timeoutMs);
          nowMs += budget.workersMs;
          for (const use of uses) nowMs += use * budget.partMs(10 * SECOND);
          // Each part has a tenth of a second in any case.
          expect(nowMs).toBeLessThanOrEqual(Math.max(timeoutMs, timeoutMs * 0.95 + 100 * uses.length));
        },
      ),
    );
  });

  test('without an end gives all that is wanted', () => {
    const budget = new StopBudget(Number.POSITIVE_INFINITY, () => 0);
    expect(budget.partMs(SECOND)).toBe(SECOND);
    expect(budget.graceMs).toBe(Number.POSITIVE_INFINITY);
  });
});

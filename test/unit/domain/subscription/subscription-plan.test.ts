import { describe, expect, test } from 'vitest';
import { planSubscription, readFilter } from '../../../../src/domain/subscription/subscription-plan.ts';
import { EVERYTHING } from '../../../support/subscription/reader.ts';

describe('the plan of a subscription', () => {
  test('asks the log for nothing special when nothing is asked for', () => {
    const plan = planSubscription(EVERYTHING);
    expect(readFilter(plan)).toEqual({});
    expect(plan).toEqual({ start: 'now', follow: true, overflow: 'DROP_OLDEST', attributes: [], qualities: [] });
  });

  test.each([
    [{ simulationId: 'a' }, ['a']],
    [{ simulationIds: ['a', 'b', 'a'] }, ['a', 'b']],
    [{ simulationId: 'b', simulationIds: ['a', 'b'] }, ['b']],
  ])('%j means the simulations %j', (request, ids) => {
    expect(planSubscription({ ...EVERYTHING, ...request }).simulationIds).toEqual(ids);
  });

  test.each([
    [{ latestOnly: true }, 0],
    [{ maxRateHz: 10 }, 100],
    [{ maxRateHz: 0.5, latestOnly: true }, 2_000],
    [{}, undefined],
  ])('%j leaves %s ms between two of a kind', (request, minIntervalMs) => {
    expect(planSubscription({ ...EVERYTHING, ...request }).minIntervalMs).toBe(minIntervalMs);
  });

  test('keeps the qualities of some keys in their order', () => {
    const qualities = [
      { eventTypeKeys: ['a'], maxRateHz: 10, latestOnly: false },
      { eventTypeKeys: ['b', 'c.>'], maxRateHz: 0, latestOnly: true },
      { eventTypeKeys: ['>'], maxRateHz: 0, latestOnly: false },
    ];
    expect(planSubscription({ ...EVERYTHING, latestOnly: true, qualities })).toMatchObject({
      minIntervalMs: 0,
      qualities: [{ eventTypeKeys: ['a'], minIntervalMs: 100 }, { minIntervalMs: 0 }, { eventTypeKeys: ['>'] }],
    });
  });

  const quality = { eventTypeKeys: ['a'], maxRateHz: 0, latestOnly: false };

  test.each([
    ['qualities', { qualities: Array.from({ length: 17 }, () => quality) }],
    ['qualities[1].event_type_keys', { qualities: [quality, { ...quality, eventTypeKeys: [] }] }],
    ['qualities[0].event_type_keys', { qualities: [{ ...quality, eventTypeKeys: ['a..b'] }] }],
    ['qualities[0].max_rate_hz', { qualities: [{ ...quality, maxRateHz: Number.POSITIVE_INFINITY }] }],
    ['simulation_id', { simulationId: 'a b' }],
    ['simulation_ids', { simulationIds: [''] }],
    ['simulation_ids', { simulationId: 'a', simulationIds: ['b'] }],
    ['event_type_keys', { eventTypeKeys: [''] }],
    ['event_type_keys', { eventTypeKeys: ['a\r\nPUB x'] }],
    ['label_selector', { labelSelector: '=' }],
    ['max_rate_hz', { maxRateHz: -0.1 }],
    ['max_rate_hz', { maxRateHz: Number.NaN }],
    ['from_sequence', { start: { sequence: 2 ** 53 } }],
  ])('a bad %s is refused by name', (field, request) => {
    expect(() => planSubscription({ ...EVERYTHING, ...request })).toThrow(
      expect.objectContaining({ code: 'INVALID_ARGUMENT', metadata: { field } }),
    );
  });
});

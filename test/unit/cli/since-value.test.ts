import { expect, test } from 'vitest';
import { sinceValue } from '../../../src/cli/commands/events.ts';

test('how long ago is told from now', () => {
  const before = Date.now();
  const since = sinceValue('90s');
  expect(since).toBeGreaterThanOrEqual(before - 90_000);
  expect(since).toBeLessThanOrEqual(Date.now() - 90_000);
});

test.each([
  ['2026-01-31T18:00:00Z', Date.UTC(2026, 0, 31, 18)],
  ['2026-01-31T18:00:00.250+01:00', Date.UTC(2026, 0, 31, 17, 0, 0, 250)],
  ['2026-01-31', Date.UTC(2026, 0, 31)],
  ['2026-01-31T18:00', new Date(2026, 0, 31, 18).getTime()],
])('the time %s', (text, ms) => expect(sinceValue(text)).toBe(ms));

test.each(['', '10', '-1h', 'now', '2026', '31.1.2026', '2026-02-31T25:00:00Z', '2026-1-1'])('%j is refused', (text) =>
  expect(() => sinceValue(text)).toThrow(/^Expected how long ago/),
);

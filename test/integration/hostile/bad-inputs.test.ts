import { afterAll, describe, expect, test } from 'vitest';
import { badConfigurations } from './bad-configurations.ts';
import { badEnvelopes } from './bad-envelopes.ts';
import type { BadInput } from './bad-input.ts';
import { badPrograms, badTypes, folder } from './bad-programs.ts';
import { badRequests } from './bad-requests.ts';
import { hostileNeighbourhood } from './hostile-neighbourhood.ts';
import { naming } from './told.ts';

const TABLE: Readonly<Record<string, readonly BadInput[]>> = {
  requests: badRequests,
  envelopes: badEnvelopes,
  programs: badPrograms,
  configurations: badConfigurations,
};

const near = hostileNeighbourhood(badTypes);
afterAll(() => folder.remove());

// After each of them a healthy simulation beside it has gone on.
describe.each(Object.entries(TABLE))('bad %s', (_area, rows) => {
  test.each(rows.map((row) => [row.what, row] as const))('%s', async (_what, { told, act }) => {
    expect(naming(await act(near()), told)).toEqual(told);
  });
});

test('there are at least sixty of them, each another', () => {
  const rows = Object.values(TABLE).flat();
  expect(new Set(rows.map(({ what }) => what)).size).toBe(rows.length);
  expect(rows.length).toBeGreaterThanOrEqual(60);
});

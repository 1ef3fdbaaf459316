import { expect, test } from 'vitest';
import { runSeed } from './run-seed.ts';

test('the same seed gives the same course of events, line by line', async () => {
  for (let seed = 1; seed <= 20; seed += 1) {
    const first = await runSeed(seed, { keepsTrace: true });
    const second = await runSeed(seed, { keepsTrace: true });
    expect(second.lines).toEqual(first.lines);
    expect([second.steps, second.digest]).toEqual([first.steps, first.digest]);
    expect(first.lines.length).toBeGreaterThan(10);
  }
});

test('the course of events is the same whether somebody reads it or not', async () => {
  const read = await runSeed(7, { keepsTrace: true });
  const unread = await runSeed(7);
  expect([unread.lines, unread.digest]).toEqual([[], read.digest]);
});

test('different seeds give different courses of events', async () => {
  const digests = new Set<number>();
  for (let seed = 1; seed <= 20; seed += 1) digests.add((await runSeed(seed)).digest);
  expect(digests.size).toBe(20);
});

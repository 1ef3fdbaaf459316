import { describe, expect, test } from 'vitest';
import { Random } from '../../../examples/fish-school/random.ts';

function first(seed: bigint, count: number): number[] {
  const random = new Random(seed);
  return Array.from({ length: count }, () => random.next());
}

describe('the random numbers', () => {
  test('are those of the seed, today and always', () => {
    expect(first(0n, 3)).toEqual(first(0n, 3));
    // By an independent implementation of the papers. A change of generator would change every recorded run.
    expect(first(42n, 4).map((number) => Math.floor(number * 2 ** 32))).toEqual([
      1776835114, 4165204688, 17111135, 2317295270,
    ]);
  });

  test('differ for seeds that differ by one, and for seeds that differ above 32 bits', () => {
    expect(first(1n, 3)).not.toEqual(first(2n, 3));
    expect(first(1n, 3)).not.toEqual(first(1n + 2n ** 32n, 3));
  });

  test('are spread evenly between 0 and 1', () => {
    const buckets = new Array<number>(10).fill(0);
    for (const number of first(7n, 100_000)) {
      const bucket = Math.floor(number * 10);
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    // A number outside would be in a bucket of its own.
    expect(Object.keys(buckets)).toHaveLength(10);
    // 10,000 each; the standard deviation is 95.
    for (const count of buckets) expect(Math.abs(count - 10_000)).toBeLessThan(500);
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { derivedSeed } from '../../../../src/domain/supervision/derived-seed.ts';

describe('a derived seed', () => {
  test('is that of SplitMix64, as published', () => {
    expect([1, 2, 3, 4, 5].map((incarnation) => derivedSeed(1_234_567n, incarnation))).toEqual([
      6_457_827_717_110_365_317n,
      3_203_168_211_198_807_973n,
      9_817_491_932_198_370_423n,
      4_593_380_528_125_082_431n,
      16_408_922_859_458_223_821n,
    ]);
  });

  test('is a uint64, the same again, and another for each incarnation', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }), fc.integer({ min: 1, max: 2 ** 32 - 2 }), (seed, at) => {
        const derived = derivedSeed(seed, at);
        expect(derived >= 0n && derived < 2n ** 64n).toBe(true);
        expect(derivedSeed(seed, at)).toBe(derived);
        expect(derivedSeed(seed, at + 1)).not.toBe(derived);
      }),
    );
  });
});

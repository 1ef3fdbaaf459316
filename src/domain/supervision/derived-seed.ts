const MASK = (1n << 64n) - 1n;
/** Odd, and near 2^64 divided by the golden ratio: the increment of SplitMix64. */
const GAMMA = 0x9e37_79b9_7f4a_7c15n;

/**
 * The seed of an incarnation that begins with a new one: output number `incarnation` of SplitMix64 (Steele, Lea, Flood,
 * 2014) begun at the run's seed. So the same run and incarnation always have the same seed, in any language.
 */
export function derivedSeed(seed: bigint, incarnation: number): bigint {
  let mixed = (seed + BigInt(incarnation) * GAMMA) & MASK;
  mixed = ((mixed ^ (mixed >> 30n)) * 0xbf58_476d_1ce4_e5b9n) & MASK;
  mixed = ((mixed ^ (mixed >> 27n)) * 0x94d0_49bb_1331_11ebn) & MASK;
  return mixed ^ (mixed >> 31n);
}

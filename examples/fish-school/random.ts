/**
 * xoshiro128**: small, fast, and the same numbers from the same seed on every machine (Blackman and Vigna, 2018).
 * Seeded through SplitMix64, so that seeds close to each other give streams that are not.
 */
export class Random {
  #a: number;
  #b: number;
  #c: number;
  #d: number;

  /** @param seed any 64-bit number */
  constructor(seed: bigint) {
    const [low, high] = splitMix64(seed);
    this.#a = Number(low & 0xffffffffn);
    this.#b = Number(low >> 32n);
    this.#c = Number(high & 0xffffffffn);
    this.#d = Number(high >> 32n);
  }

  /** From 0 up to, not with, 1. */
  next(): number {
    return this.#uint32() / 2 ** 32;
  }

  /** From `low` up to, not with, `high`. */
  between(low: number, high: number): number {
    return low + (high - low) * this.next();
  }

  #uint32(): number {
    const result = Math.imul(rotateLeft(Math.imul(this.#b, 5), 7), 9) >>> 0;
    const shifted = this.#b << 9;
    this.#c ^= this.#a;
    this.#d ^= this.#b;
    this.#b ^= this.#c;
    this.#a ^= this.#d;
    this.#c ^= shifted;
    this.#d = rotateLeft(this.#d, 11);
    return result;
  }
}

function rotateLeft(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}

const mask = 2n ** 64n - 1n;

/** The first two outputs for a seed. */
function splitMix64(seed: bigint): [bigint, bigint] {
  const output = (state: bigint) => {
    let z = state & mask;
    z = ((z ^ (z >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  };
  const step = 0x9e3779b97f4a7c15n;
  return [output(seed + step), output(seed + 2n * step)];
}

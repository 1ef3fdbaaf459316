/** What is simulated: somebody who takes a step to the left or to the right each tick. Put your own in its place. */

export interface WalkConfig {
  /** 0: as fast as it can. */
  readonly ticks_per_second: number;
  /** The longest step. */
  readonly stride: number;
}

export class WalkConfigError extends Error {
  override readonly name = 'WalkConfigError';
}

const DEFAULTS: WalkConfig = { ticks_per_second: 10, stride: 1 };
const MAX: WalkConfig = { ticks_per_second: 10_000, stride: 1_000 };

/** Checks a run's configuration: a JSON object of these names. @throws WalkConfigError that says what is wrong */
export function walkConfig(json: unknown): WalkConfig {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw new WalkConfigError(`the configuration must be an object with ${Object.keys(DEFAULTS).join(', ')}`);
  }
  for (const [name, value] of Object.entries(json)) {
    const max = MAX[name as keyof WalkConfig];
    if (max === undefined) throw new WalkConfigError(`${name}: unknown; there are ${Object.keys(DEFAULTS).join(', ')}`);
    if (typeof value !== 'number' || !(value >= 0 && value <= max)) {
      throw new WalkConfigError(`${name} is ${JSON.stringify(value)}: expected a number from 0 to ${max}`);
    }
  }
  return { ...DEFAULTS, ...json };
}

/** The same seed gives the same walk. */
export class Walk {
  readonly #stride: number;
  #random: bigint;
  #position = 0;

  constructor({ stride }: WalkConfig, seed: bigint) {
    this.#stride = stride;
    this.#random = seed;
  }

  get position(): number {
    return this.#position;
  }

  advance(): void {
    this.#position += (this.#next() * 2 - 1) * this.#stride;
  }

  /** From 0 to 1, by SplitMix64: Math.random has no seed. */
  #next(): number {
    this.#random = BigInt.asUintN(64, this.#random + 0x9e3779b97f4a7c15n);
    let bits = this.#random;
    bits = BigInt.asUintN(64, (bits ^ (bits >> 30n)) * 0xbf58476d1ce4e5b9n);
    bits = BigInt.asUintN(64, (bits ^ (bits >> 27n)) * 0x94d049bb133111ebn);
    return Number((bits ^ (bits >> 31n)) >> 11n) / 2 ** 53;
  }
}

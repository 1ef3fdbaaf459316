const STEPS = [
  { x: 1, y: 0 },
  { x: -1, y: 0 },
  { x: 0, y: 1 },
  { x: 0, y: -1 },
];

/** Walkers on a grid, all beginning in one place. The same seed, a bigint, gives the same walk. */
export class Walk {
  positions;
  #random;

  constructor(walkers, seed) {
    this.positions = Array.from({ length: walkers }, () => ({ x: 0, y: 0 }));
    this.#random = seed & MASK;
  }

  tick() {
    this.positions = this.positions.map(({ x, y }) => {
      const step = STEPS[this.#next()];
      return { x: x + step.x, y: y + step.y };
    });
  }

  /** 0 to 3: the top bits of a linear congruential generator (Knuth's MMIX). */
  #next() {
    this.#random = (this.#random * 6364136223846793005n + 1442695040888963407n) & MASK;
    return Number(this.#random >> 62n);
  }
}

const MASK = (1n << 64n) - 1n;

/** Runs tasks in the order in which they are given, so many at the same time. */
export class Queue {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atTheSameTime: number) {
    this.#free = atTheSameTime;
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    else this.#free -= 1;
    try {
      return await task();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free += 1;
      else next();
    }
  }
}

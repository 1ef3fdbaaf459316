import { Fifo } from '../fifo.ts';

/** Each reads the log, perhaps much of it. */
const MAX_AT_ONCE = 4;

/** Lets a few ledgers be opened at a time; those for which nobody waits come last. */
export class OpeningGate {
  readonly #urgent = new Fifo<() => void>();
  readonly #others = new Fifo<() => void>();
  #inside = 0;

  async run<T>(isUrgent: boolean, work: () => Promise<T>): Promise<T> {
    if (this.#inside < MAX_AT_ONCE) this.#inside += 1;
    // Whoever leaves hands its place over.
    else await new Promise<void>((resolve) => (isUrgent ? this.#urgent : this.#others).push(resolve));
    try {
      return await work();
    } finally {
      const next = this.#urgent.shift() ?? this.#others.shift();
      if (next === undefined) this.#inside -= 1;
      else next();
    }
  }
}

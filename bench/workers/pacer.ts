const TURN_MS = 5;

/** Calls `work` every few milliseconds with as many as are due, so that a rate is kept in the mean. */
export class Pacer {
  readonly #perSecond: number;
  readonly #work: (count: number) => void | Promise<void>;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #startedMs = performance.now();
  #done = 0;
  #busy = false;

  constructor(perSecond: number, work: (count: number) => void | Promise<void>) {
    this.#perSecond = perSecond;
    this.#work = work;
    if (perSecond > 0) this.#timer = setInterval(() => void this.#turn(), TURN_MS);
  }

  stop(): void {
    clearInterval(this.#timer);
  }

  /** Skipped while the turn before still waits: what is due then is done later. */
  async #turn(): Promise<void> {
    if (this.#busy) return;
    const due = Math.floor(((performance.now() - this.#startedMs) / 1_000) * this.#perSecond) - this.#done;
    this.#done += due;
    this.#busy = true;
    await this.#work(due);
    this.#busy = false;
  }
}

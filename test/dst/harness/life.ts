import type { Scheduler } from './scheduler.ts';

/**
 * One life of the daemon's process, from its start to its end by whatever. What belongs to it stops with it, as memory
 * does: its timers never fire, and no call that it has made is ever answered.
 */
export class Life {
  readonly number: number;
  readonly name: string;
  readonly scheduler: Scheduler;
  readonly #deaths: (() => void)[] = [];
  #alive = true;

  constructor(scheduler: Scheduler, number: number) {
    this.scheduler = scheduler;
    this.number = number;
    this.name = `daemon ${number}`;
  }

  get alive(): boolean {
    return this.#alive;
  }

  /** For what notices that the process has gone. */
  onDeath(notice: () => void): void {
    this.#deaths.push(notice);
  }

  end(): void {
    if (!this.#alive) return;
    this.#alive = false;
    for (const notice of this.#deaths.splice(0)) notice();
  }

  later(delayMs: number, act: () => void): () => void {
    return this.scheduler.later(delayMs, () => {
      if (this.#alive) act();
    });
  }
}

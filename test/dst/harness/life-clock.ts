import type { CancelTimer, Clock } from '../../../src/ports/clock.ts';
import type { Life } from './life.ts';
import type { Scheduler } from './scheduler.ts';

const EPOCH_MS = Date.UTC(2026, 0, 1);

/** The wall clock of the machine, which may be set to another time at any moment. */
export class WallClock {
  offsetMs = 0;

  readAt({ nowMs }: Scheduler): number {
    return EPOCH_MS + nowMs + this.offsetMs;
  }
}

/** The clock of one life of the daemon. */
export class LifeClock implements Clock {
  readonly #life: Life;
  readonly #wall: WallClock;
  readonly #bornMs: number;
  #pending = 0;

  constructor(life: Life, wall: WallClock) {
    this.#life = life;
    this.#wall = wall;
    this.#bornMs = life.scheduler.nowMs;
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#pending;
  }

  nowMs(): number {
    return this.#wall.readAt(this.#life.scheduler);
  }

  monotonicMs(): number {
    return this.#life.scheduler.nowMs - this.#bornMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    if (!(delayMs >= 0)) throw new Error(`a timer of ${delayMs} ms`);
    let isSet = true;
    this.#pending += 1;
    const over = (): void => {
      if (isSet) this.#pending -= 1;
      isSet = false;
    };
    const cancel = this.#life.later(delayMs, () => {
      over();
      callback();
    });
    return () => {
      over();
      cancel();
    };
  }
}

import type { CancelTimer, Clock } from '../../../src/ports/clock.ts';
import { settle } from './settle.ts';

interface Timer {
  readonly atMs: number;
  readonly callback: () => void;
}

/** A clock that stands still until a test lets time pass. */
export class FakeClock implements Clock {
  #wallMs = Date.UTC(2026, 0, 1);
  #monotonicMs = 0;
  /** In the order in which they were set. */
  readonly #timers = new Set<Timer>();

  nowMs(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#monotonicMs;
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    if (!(delayMs >= 0)) throw new Error(`a timer of ${delayMs} ms`);
    const timer = { atMs: this.#monotonicMs + delayMs, callback };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Timers that are set and have not fired. */
  get pending(): number {
    return this.#timers.size;
  }

  /** When the next timer fires, in ms from now; undefined when none is set. */
  get nextInMs(): number | undefined {
    const next = this.#next();
    return next === undefined ? undefined : next.atMs - this.#monotonicMs;
  }

  /** Lets time pass. Timers fire in order, and what each sets off comes to rest before the next. */
  async advance(ms: number): Promise<void> {
    const untilMs = this.#monotonicMs + ms;
    await settle();
    for (let next = this.#next(); next !== undefined && next.atMs <= untilMs; next = this.#next()) {
      this.#pass(Math.max(0, next.atMs - this.#monotonicMs));
      this.#timers.delete(next);
      next.callback();
      await settle();
    }
    this.#pass(untilMs - this.#monotonicMs);
  }

  /** Lets time pass until no timer is set; `limitMs` is for timers that set themselves again for ever. */
  async runOut(limitMs = 3_600_000): Promise<void> {
    await settle();
    for (let inMs = this.nextInMs; inMs !== undefined; inMs = this.nextInMs) {
      if (this.#monotonicMs + inMs > limitMs) throw new Error(`timers are still set after ${limitMs} ms`);
      await this.advance(inMs);
    }
  }

  /** The process is stopped (SIGSTOP, a machine that swaps): time passes, and what was due fires when it goes on. */
  standStill(ms: number): void {
    this.#pass(ms);
  }

  /** The wall clock is set; nothing that has to do with durations may notice. */
  jumpWall(ms: number): void {
    this.#wallMs += ms;
  }

  #pass(ms: number): void {
    this.#monotonicMs += ms;
    this.#wallMs += ms;
  }

  #next(): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) if (next === undefined || timer.atMs < next.atMs) next = timer;
    return next;
  }
}

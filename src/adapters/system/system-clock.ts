import type { CancelTimer, Clock } from '../../ports/clock.ts';

/** setTimeout fires at once for more than this. */
const MAX_DELAY_MS = 2 ** 31 - 1;

/** The machine's own clocks. */
export class SystemClock implements Clock {
  nowMs(): number {
    return Date.now();
  }

  monotonicMs(): number {
    return performance.now();
  }

  after(delayMs: number, callback: () => void): CancelTimer {
    const timer = setTimeout(callback, Math.min(delayMs, MAX_DELAY_MS));
    timer.unref();
    return () => clearTimeout(timer);
  }
}

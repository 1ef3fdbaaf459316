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
    let timer: NodeJS.Timeout;
    const arm = (leftMs: number): void => {
      const next = leftMs > MAX_DELAY_MS ? () => arm(leftMs - MAX_DELAY_MS) : callback;
      timer = setTimeout(next, Math.min(leftMs, MAX_DELAY_MS));
      timer.unref();
    };
    arm(delayMs);
    return () => clearTimeout(timer);
  }
}

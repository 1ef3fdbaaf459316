import type { CancelTimer, Clock } from '../../ports/clock.ts';

/** What is due comes within the first of two. */
const STEPS = 2;

/**
 * Calls back after `ms` of time in which something could be heard.
 *
 * A step that took more than twice its time says that Shoal itself stood still (SIGSTOP, a machine that swaps): what came
 * meanwhile is still to be read, and the step is taken again.
 */
export function afterSteady(clock: Clock, ms: number, act: () => void): CancelTimer {
  const stepMs = ms / STEPS;
  let cancel: CancelTimer = () => {};
  const wait = (steps: number): void => {
    const begunMs = clock.monotonicMs();
    cancel = clock.after(stepMs, () => {
      const stoodStill = clock.monotonicMs() - begunMs > 2 * stepMs;
      const left = stoodStill ? steps : steps - 1;
      if (left === 0) act();
      else wait(left);
    });
  };
  wait(STEPS);
  return () => cancel();
}

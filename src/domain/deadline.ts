import type { Clock } from '../ports/clock.ts';

export const TOO_LATE = Symbol('too late');

/**
 * Settles as `work` does, or with TOO_LATE when that takes too long; the work itself goes on.
 *
 * @param untilMs by the monotonic clock
 */
export function before<T>(clock: Clock, untilMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  // Several for each command: one promise and one reaction, where a race would take ten.
  return new Promise((resolve, reject) => {
    const cancel = clock.after(Math.max(0, untilMs - clock.monotonicMs()), () => resolve(TOO_LATE));
    work.then(
      (value) => {
        cancel();
        resolve(value);
      },
      (thrown) => {
        cancel();
        reject(thrown);
      },
    );
  });
}

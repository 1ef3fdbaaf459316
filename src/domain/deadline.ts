import type { Clock } from '../ports/clock.ts';

export const TOO_LATE = Symbol('too late');

/**
 * Settles as `work` does, or with TOO_LATE when that takes too long; the work itself goes on.
 *
 * @param untilMs by the monotonic clock
 */
export async function before<T>(clock: Clock, untilMs: number, work: Promise<T>): Promise<T | typeof TOO_LATE> {
  const late = Promise.withResolvers<typeof TOO_LATE>();
  const cancel = clock.after(Math.max(0, untilMs - clock.monotonicMs()), () => late.resolve(TOO_LATE));
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    cancel();
  }
}

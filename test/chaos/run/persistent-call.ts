import { setTimeout as delay } from 'node:timers/promises';
import { type ServiceError, status } from '@grpc/grpc-js';

const BETWEEN_MS = 100;

export interface Answered<T> {
  readonly answer: T | undefined;
  /** The status of the last attempt. */
  readonly code: keyof typeof status;
  readonly attempts: number;
}

/**
 * Makes a call until somebody answers it: what is UNAVAILABLE or broken off, over the death of a daemon too, is tried
 * again in the same words. That is what a client does that has given its call a request id.
 */
export async function persistentCall<T>(call: () => Promise<T>, patienceMs: number): Promise<Answered<T>> {
  const deadline = performance.now() + patienceMs;
  for (let attempts = 1; ; attempts += 1) {
    try {
      return { answer: await call(), code: 'OK', attempts };
    } catch (error) {
      const { code } = error as ServiceError;
      if (code === undefined) throw error;
      const again = code === status.UNAVAILABLE || code === status.CANCELLED;
      if (!again || performance.now() > deadline)
        return { answer: undefined, code: status[code] as keyof typeof status, attempts };
      await delay(BETWEEN_MS);
    }
  }
}

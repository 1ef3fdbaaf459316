import { ShoalError } from '../../domain/shoal-error.ts';

/**
 * Resolves with `promise`, or with `late()` when that takes longer than `timeoutMs`. The loser is not cancelled, and
 * its rejection is nobody's.
 */
export async function within<Result>(promise: Promise<Result>, timeoutMs: number, late: () => Result): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<Result>((resolve, reject) => {
    timer = setTimeout(() => {
      try {
        resolve(late());
      } catch (error) {
        reject(error);
      }
    }, timeoutMs);
  });
  try {
    return await Promise.race([promise, timeout]);
  } finally {
    clearTimeout(timer);
  }
}

/** @throws ShoalError CANCELLED when `signal` aborts first */
export async function pause(delayMs: number, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', abort);
    };
    const abort = (): void => {
      end();
      reject(new ShoalError('CANCELLED', 'stopped while waiting for NATS'));
    };
    const timer = setTimeout(() => {
      end();
      resolve();
    }, delayMs);
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
  });
}

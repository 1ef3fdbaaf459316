/** Limit of loading a plugin and of each of its hooks, where nobody says otherwise. */
export const DEFAULT_HOOK_TIMEOUT_MS = 5_000;

/** A hook did not answer in time. */
export class HookTimeout extends Error {
  override readonly name = 'HookTimeout';

  constructor(limitMs: number) {
    super(`it did not answer within ${limitMs} ms`);
  }
}

/**
 * Runs code of a plugin under a time limit. What it answers or throws after that is dropped; its signal has been aborted by then.
 * Code that computes without awaiting cannot be stopped: its answer is dropped when it comes.
 *
 * @throws HookTimeout, or what the hook threw
 */
export async function runHook<T>(limitMs: number, hook: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T> {
  const over = new AbortController();
  const limit = Promise.withResolvers<never>();
  const expire = (): void => {
    const timeout = new HookTimeout(limitMs);
    limit.reject(timeout);
    over.abort(timeout);
  };
  const timer = setTimeout(expire, limitMs);
  const startedMs = performance.now();
  // A late rejection finds a handler here, and so does not end the daemon.
  const answer = (async () => hook(over.signal))().finally(() => {
    if (performance.now() - startedMs > limitMs) expire();
  });
  try {
    return await Promise.race([limit.promise, answer]);
  } finally {
    clearTimeout(timer);
  }
}

/** A hook did not answer in time. */
export class HookTimeout extends Error {
  override readonly name = 'HookTimeout';

  constructor(limitMs: number) {
    super(`it did not answer within ${limitMs} ms`);
  }
}

/**
 * Runs code of a plugin under a time limit. What it answers or throws after that is dropped; its signal has been aborted by then.
 * Code that loops without awaiting cannot be stopped.
 *
 * @throws HookTimeout, or what the hook threw
 */
export async function runHook<T>(limitMs: number, hook: (signal: AbortSignal) => T | PromiseLike<T>): Promise<T> {
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      const timeout = new HookTimeout(limitMs);
      reject(timeout);
      over.abort(timeout);
    }, limitMs);
  });
  // A late rejection finds a handler here, and so does not end the daemon.
  const answer = (async () => hook(over.signal))();
  try {
    return await Promise.race([answer, limit]);
  } finally {
    clearTimeout(timer);
  }
}

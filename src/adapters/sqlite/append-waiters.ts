import type { SimulationId } from '../../domain/ids.ts';

interface Waiter {
  readonly simulations: ReadonlySet<SimulationId> | undefined;
  readonly wake: PromiseWithResolvers<number>;
}

/** Readers at the end of the log. Only those are woken whom an append concerns: hundreds may follow one run each. */
export class AppendWaiters {
  readonly #waiters = new Set<Waiter>();

  /**
   * Waits for an append to one of the simulations (undefined: to any). Rejects with the signal's reason.
   *
   * @returns the last sequence before that append: nothing up to there is of interest
   */
  async wait(simulations: ReadonlySet<SimulationId> | undefined, signal: AbortSignal): Promise<number> {
    signal.throwIfAborted();
    const waiter = { simulations, wake: Promise.withResolvers<number>() };
    const abort = () => waiter.wake.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    this.#waiters.add(waiter);
    try {
      return await waiter.wake.promise;
    } finally {
      this.#waiters.delete(waiter);
      signal.removeEventListener('abort', abort);
    }
  }

  appended(simulations: ReadonlySet<SimulationId>, lastBefore: number): void {
    for (const { simulations: wanted, wake } of this.#waiters) {
      if (wanted === undefined || intersect(wanted, simulations)) wake.resolve(lastBefore);
    }
  }

  fail(reason: unknown): void {
    for (const { wake } of this.#waiters) wake.reject(reason);
  }
}

function intersect(a: ReadonlySet<SimulationId>, b: ReadonlySet<SimulationId>): boolean {
  const [few, many] = a.size < b.size ? [a, b] : [b, a];
  for (const each of few) if (many.has(each)) return true;
  return false;
}

import { ShoalError } from '../../domain/shoal-error.ts';
import { pause } from './timing.ts';

const FIRST_RETRY_MS = 50;
const LAST_RETRY_MS = 1_000;

/** How long one who needs the server tries again: pauses that grow, and an end. */
export class Patience {
  readonly #limitMs: number;
  #sinceMs: number | undefined;
  #retryMs = FIRST_RETRY_MS;

  constructor(limitMs: number) {
    this.#limitMs = limitMs;
  }

  /** Something is tried that may fail; counts from the first of several tries. */
  begin(): void {
    this.#sinceMs ??= performance.now();
  }

  /** It has worked. */
  end(): void {
    this.#sinceMs = undefined;
    this.#retryMs = FIRST_RETRY_MS;
  }

  /**
   * It has failed: resolves when it is time for the next try.
   *
   * @throws ShoalError BUS_UNAVAILABLE when it was tried for too long, CANCELLED when `signal` aborts
   */
  async endure(cause: unknown, signal: AbortSignal): Promise<void> {
    this.begin();
    if (performance.now() - (this.#sinceMs ?? 0) > this.#limitMs) {
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new ShoalError('BUS_UNAVAILABLE', `the event log could not be read for ${this.#limitMs} ms: ${reason}`, {
        cause,
      });
    }
    await pause(this.#retryMs, signal);
    this.#retryMs = Math.min(2 * this.#retryMs, LAST_RETRY_MS);
  }
}

import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { SimulationRegistry } from './simulation-registry.ts';

const INTERVAL_MS = 60_000;

/** Forgets the records of simulations that have been over for too long: when it starts, and then every minute. */
export class RecordRetention implements ManagedPart {
  readonly name = 'record retention';
  readonly #registry: SimulationRegistry;
  readonly #clock: Clock;
  readonly #maxAgeMs: () => number;
  #cancel: CancelTimer | undefined;

  /** @param maxAgeMs 0: they are kept for ever */
  constructor(registry: SimulationRegistry, clock: Clock, maxAgeMs: () => number) {
    this.#registry = registry;
    this.#clock = clock;
    this.#maxAgeMs = maxAgeMs;
  }

  async start(): Promise<void> {
    if (this.#cancel !== undefined) return;
    await this.#forget();
    this.#wait();
  }

  async stop(): Promise<void> {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #wait(): void {
    this.#cancel = this.#clock.after(INTERVAL_MS, () => {
      void this.#forget();
      this.#wait();
    });
  }

  async #forget(): Promise<void> {
    const maxAgeMs = this.#maxAgeMs();
    await this.#registry.forgetFinal(maxAgeMs === 0 ? undefined : this.#clock.nowMs() - maxAgeMs);
  }
}

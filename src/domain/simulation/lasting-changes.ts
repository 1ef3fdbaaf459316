import type { Clock } from '../../ports/clock.ts';
import type { SimulationId } from '../ids.ts';
import { toShoalError } from '../shoal-error.ts';
import type { Simulation } from './simulation.ts';
import type { SimulationRegistry } from './simulation-registry.ts';

/** Between two attempts: the registry may be away, the disk full. */
export const RETRY_MS = 1_000;

export interface LastingChange {
  /** Called after an attempt that failed. @returns whether it is still to be tried; default: it is */
  readonly goesOn?: () => boolean;
}

/** Writes down what has happened, which does not happen again: it is tried until the registry takes it. */
export class LastingChanges {
  readonly #registry: SimulationRegistry;
  readonly #clock: Clock;

  constructor(registry: SimulationRegistry, clock: Clock) {
    this.#registry = registry;
    this.#clock = clock;
  }

  /**
   * As `SimulationRegistry.change`, which `next` has to stand: it is asked anew at each attempt.
   *
   * @throws ShoalError what no later attempt would mend; BUS_UNAVAILABLE once it is not to go on
   */
  async write(
    id: SimulationId,
    next: (present: Simulation) => Simulation,
    { goesOn = () => true }: LastingChange = {},
  ): Promise<Simulation> {
    for (;;) {
      try {
        return await this.#registry.change(id, next);
      } catch (thrown) {
        if (toShoalError(thrown).code !== 'BUS_UNAVAILABLE' || !goesOn()) throw thrown;
      }
      await new Promise<void>((resolve) => this.#clock.after(RETRY_MS, resolve));
    }
  }
}

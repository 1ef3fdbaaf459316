import type { SimulationId } from '../ids.ts';
import type { SimulationRegistry } from '../simulation/simulation-registry.ts';
import type { OutputTail } from './output-tail.ts';

/** What the latest worker of each simulation wrote; kept as long as the simulation's record. */
export class RunOutputs {
  readonly #tails = new Map<SimulationId, OutputTail>();

  constructor(registry: SimulationRegistry) {
    registry.onChange(({ kind, after }) => {
      if (kind === 'forgotten') this.#tails.delete(after.simulation.id);
    });
  }

  set(id: SimulationId, tail: OutputTail): void {
    this.#tails.set(id, tail);
  }

  find(id: SimulationId): OutputTail | undefined {
    return this.#tails.get(id);
  }
}

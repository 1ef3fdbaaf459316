import { InMemoryRegistryStore } from '../../../src/adapters/memory/in-memory-registry-store.ts';
import type { SimulationId } from '../../../src/domain/ids.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import type { RegistryStore, StoredSimulation } from '../../../src/ports/registry-store.ts';

/** A store that takes its time before and after each write, as one behind a network does, and fails when it is told to. */
export class SlowRegistryStore implements RegistryStore {
  readonly #store = new InMemoryRegistryStore();
  /** Called around every write, with what is written; rejects to make it fail. */
  pause: (simulation: Pick<Simulation, 'id'> & Partial<Simulation>) => Promise<void> = async () => {};

  async create(simulation: Simulation): Promise<StoredSimulation> {
    await this.pause(simulation);
    const stored = await this.#store.create(simulation);
    await this.pause(simulation);
    return stored;
  }

  async get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#store.get(id);
  }

  async update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    await this.pause(simulation);
    const stored = await this.#store.update(simulation, expectedRevision);
    await this.pause(simulation);
    return stored;
  }

  async remove(id: SimulationId, expectedRevision: number): Promise<void> {
    await this.pause({ id });
    await this.#store.remove(id, expectedRevision);
  }

  async list(): Promise<readonly StoredSimulation[]> {
    return this.#store.list();
  }
}

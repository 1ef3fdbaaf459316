import type { SimulationId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { RegistryStore, StoredSimulation } from '../../ports/registry-store.ts';

/** A registry that ends with the process. */
export class InMemoryRegistryStore implements RegistryStore, ManagedPart {
  readonly name = 'in-memory registry';
  readonly #stored = new Map<SimulationId, StoredSimulation>();
  #revision: number;

  /** @param firstRevision above those of the daemon before, so that a watcher of that one is told to begin anew */
  constructor(firstRevision = 0) {
    this.#revision = firstRevision;
  }

  async start(): Promise<void> {}

  async stop(): Promise<void> {}

  async create(simulation: Simulation): Promise<StoredSimulation> {
    if (this.#stored.has(simulation.id)) {
      throw new ShoalError('SIMULATION_EXISTS', `there is a simulation ${simulation.id} already`);
    }
    return this.#write(simulation);
  }

  async get(id: SimulationId): Promise<StoredSimulation | undefined> {
    return this.#stored.get(id);
  }

  async update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation> {
    this.#demandRevision(simulation.id, expectedRevision);
    return this.#write(simulation);
  }

  async remove(id: SimulationId, expectedRevision: number): Promise<void> {
    if (!this.#stored.has(id)) return;
    this.#demandRevision(id, expectedRevision);
    this.#stored.delete(id);
  }

  async list(): Promise<readonly StoredSimulation[]> {
    return [...this.#stored.values()];
  }

  #write(simulation: Simulation): StoredSimulation {
    this.#revision += 1;
    const stored = { simulation, revision: this.#revision };
    this.#stored.set(simulation.id, stored);
    return stored;
  }

  #demandRevision(id: SimulationId, expected: number): void {
    const revision = this.#stored.get(id)?.revision;
    if (revision === undefined) throw new ShoalError('SIMULATION_NOT_FOUND', `there is no simulation ${id}`);
    if (revision !== expected) {
      throw new ShoalError('REVISION_CONFLICT', `simulation ${id} is at revision ${revision}, not ${expected}`);
    }
  }
}

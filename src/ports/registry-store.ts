import type { SimulationId } from '../domain/ids.ts';
import type { Simulation } from '../domain/simulation/simulation.ts';

export interface StoredSimulation {
  readonly simulation: Simulation;
  /** Rises with every write to any simulation of the store. */
  readonly revision: number;
}

/**
 * Where simulations are remembered. It alone is the truth: two daemons may share one store, and whoever writes proves
 * by the revision that nobody wrote in between.
 */
export interface RegistryStore {
  /** @throws ShoalError SIMULATION_EXISTS */
  create(simulation: Simulation): Promise<StoredSimulation>;
  get(id: SimulationId): Promise<StoredSimulation | undefined>;
  /** @throws ShoalError REVISION_CONFLICT when the stored revision is not `expectedRevision`; SIMULATION_NOT_FOUND */
  update(simulation: Simulation, expectedRevision: number): Promise<StoredSimulation>;
  /** @throws ShoalError REVISION_CONFLICT; forgetting what is not there is not an error */
  remove(id: SimulationId, expectedRevision: number): Promise<void>;
  /** In no order. */
  list(): Promise<readonly StoredSimulation[]>;
}

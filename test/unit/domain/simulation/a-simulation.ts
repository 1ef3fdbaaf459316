import { parseSimulationId } from '../../../../src/domain/ids.ts';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';

export type SimulationFacts = Partial<Omit<Simulation, 'id'>> & { readonly id?: string };

/** A record with everything that it must have. */
export function aSimulation({ id = 'sim-1', ...facts }: SimulationFacts = {}): Simulation {
  return {
    id: parseSimulationId(id),
    workerType: 'fish',
    state: 'PENDING',
    labels: {},
    configuration: { bytes: new Uint8Array(0), contentType: 'application/json' },
    startPaused: false,
    ownerId: 'shoal-test',
    createdAtMs: 1_000,
    incarnation: 0,
    restarts: 0,
    ...facts,
  };
}

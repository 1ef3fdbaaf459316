import { parseSimulationId } from '../../../src/domain/ids.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';

/** With the least that a record must have. */
export function record(id: string, facts: Partial<Simulation> = {}): Simulation {
  return {
    id: parseSimulationId(id),
    workerType: 'fish',
    state: 'PENDING',
    labels: {},
    configuration: { bytes: Uint8Array.of(123, 125), contentType: 'application/json' },
    startPaused: false,
    ownerId: 'shoal-1',
    createdAtMs: 1_767_225_600_000,
    incarnation: 0,
    restarts: 0,
    ...facts,
  };
}

import type { LimitsConfig } from '../configuration.ts';
import { ShoalError } from '../shoal-error.ts';
import type { WorkerType } from '../worker-type.ts';
import type { Simulation } from './simulation.ts';
import { isFinal } from './simulation-state.ts';

/**
 * Whether one more simulation fits. Every simulation that is not final holds a place, of its type and in total; one that
 * is LOST has no worker of this daemon and holds none.
 *
 * @throws ShoalError CAPACITY_EXHAUSTED that names the limit
 */
export function demandCapacity(
  present: Iterable<Simulation>,
  type: WorkerType,
  { maxSimulations, maxStarting }: Pick<LimitsConfig, 'maxSimulations' | 'maxStarting'>,
): void {
  let total = 0;
  let starting = 0;
  let ofType = 0;
  for (const simulation of present) {
    if (isFinal(simulation.state) || simulation.state === 'LOST') continue;
    total += 1;
    if (simulation.state === 'PENDING' || simulation.state === 'STARTING') starting += 1;
    if (simulation.workerType === type.config.name) ofType += 1;
  }
  if (total >= maxSimulations) throw exhausted('limits.max_simulations', maxSimulations);
  if (starting >= maxStarting) throw exhausted('limits.max_starting', maxStarting);
  const { maxWorkers } = type.config.limits;
  if (ofType >= maxWorkers) throw exhausted(`worker_types[${type.config.name}].limits.max_workers`, maxWorkers);
}

function exhausted(limit: string, value: number): ShoalError {
  return new ShoalError(
    'CAPACITY_EXHAUSTED',
    `${limit} (${value}) is reached; stop a simulation, wait for one to end, or raise it`,
    {
      metadata: { limit, value: String(value) },
    },
  );
}

import { ShoalError } from '../shoal-error.ts';
import type { Simulation } from './simulation.ts';
import type { SimulationState } from './simulation-state.ts';

/** Contract section 6 as data: from each state, the states that may follow. LOST may become anything. */
const NEXT: Readonly<Record<SimulationState, readonly SimulationState[]>> = {
  PENDING: ['STARTING', 'FAILED', 'STOPPED', 'LOST'],
  STARTING: ['RUNNING', 'PAUSED', 'STOPPING', 'RESTARTING', 'FAILED', 'LOST'],
  RUNNING: ['PAUSED', 'STOPPING', 'RESTARTING', 'COMPLETED', 'FAILED', 'LOST'],
  PAUSED: ['RUNNING', 'STOPPING', 'RESTARTING', 'COMPLETED', 'FAILED', 'LOST'],
  STOPPING: ['STOPPED', 'LOST'],
  RESTARTING: ['STARTING', 'FAILED', 'STOPPED', 'LOST'],
  LOST: ['PENDING', 'STARTING', 'RUNNING', 'PAUSED', 'STOPPING', 'RESTARTING', 'COMPLETED', 'FAILED', 'STOPPED'],
  COMPLETED: [],
  FAILED: [],
  STOPPED: [],
};

/** What may change together with the state. */
export type Change = Partial<Omit<Simulation, 'id' | 'workerType' | 'state' | 'createdAtMs'>>;

export function mayFollow(from: SimulationState, to: SimulationState): boolean {
  return NEXT[from].includes(to);
}

/**
 * The only way a simulation gets another state.
 *
 * @throws ShoalError ILLEGAL_TRANSITION
 */
export function moveTo(simulation: Simulation, state: SimulationState, change: Change = {}): Simulation {
  if (!mayFollow(simulation.state, state)) {
    throw new ShoalError(
      'ILLEGAL_TRANSITION',
      `simulation ${simulation.id} cannot go from ${simulation.state} to ${state}`,
      {
        metadata: { simulation_id: simulation.id, state: simulation.state, to: state },
      },
    );
  }
  return { ...simulation, ...change, state };
}

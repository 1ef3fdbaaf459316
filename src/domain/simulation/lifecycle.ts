import { ShoalError } from '../shoal-error.ts';
import type { Simulation, SimulationReason } from './simulation.ts';
import { isFinal, type SimulationState } from './simulation-state.ts';

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

/** How a worker ended, in the words that the lifecycle needs. */
export interface WorkerEnd {
  readonly exitCode?: number;
  readonly exitSignal?: string;
  readonly atMs: number;
  /** For people: `exited 3 after 120 ms; last lines: …`. */
  readonly description: string;
  /** Why Shoal itself ended it, if it did. */
  readonly verdict?: 'REGISTER_TIMEOUT' | 'HEARTBEAT_LOST';
}

/**
 * Where a simulation goes when its worker has ended. One that is final stays as it is, and so does one that has no worker
 * at the moment: in RESTARTING the end of the one before is what it waits for.
 */
export function afterWorkerEnd(simulation: Simulation, end: WorkerEnd): Simulation {
  if (isFinal(simulation.state) || simulation.state === 'PENDING' || simulation.state === 'RESTARTING') {
    return simulation;
  }
  const { state, reason } = outcomeOf(simulation.state, end);
  return moveTo(simulation, state, {
    endedAtMs: end.atMs,
    ...(end.exitCode === undefined ? {} : { exitCode: end.exitCode }),
    ...(end.exitSignal === undefined ? {} : { exitSignal: end.exitSignal }),
    reason: reason === 'STOPPED_BY_REQUEST' ? (simulation.reason ?? reason) : reason,
    message: end.description,
  });
}

function outcomeOf(state: SimulationState, end: WorkerEnd): { state: SimulationState; reason: SimulationReason } {
  if (state === 'STOPPING') return { state: 'STOPPED', reason: 'STOPPED_BY_REQUEST' };
  if (end.verdict !== undefined) return { state: 'FAILED', reason: end.verdict };
  if (state === 'STARTING') return { state: 'FAILED', reason: 'EXITED_BEFORE_REGISTERING' };
  if (end.exitCode === 0) return { state: 'COMPLETED', reason: 'COMPLETED' };
  return { state: 'FAILED', reason: 'WORKER_CRASHED' };
}

import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { WorkerId } from '../ids.ts';
import { moveTo } from './lifecycle.ts';
import type { Simulation, SimulationReason } from './simulation.ts';
import { isFinal, type SimulationState } from './simulation-state.ts';

/** A worker is about to be launched for it. */
export function starting(present: Simulation, workerId: WorkerId, atMs: number): Simulation {
  return moveTo(present, 'STARTING', {
    workerId,
    incarnation: present.incarnation + 1,
    startedAtMs: present.startedAtMs ?? atMs,
  });
}

/** The launcher has answered. A worker that `registers` still has to; the others run from now on. */
export function launched(
  present: Simulation,
  worker: { readonly id: WorkerId; readonly handle: LaunchHandle; readonly registers: boolean },
): Simulation {
  if (isFinal(present.state) || present.workerId !== worker.id) return present;
  const placed = { ...present, handle: worker.handle };
  return !worker.registers && present.state === 'STARTING' ? up(placed) : placed;
}

/** Its worker has registered, for the first time or again. */
export function registered(present: Simulation, workerId: WorkerId): Simulation {
  return present.state === 'STARTING' && present.workerId === workerId ? up(present) : present;
}

/** Somebody wants it to end: without a worker it has ended. */
export function stopping(present: Simulation, reason: SimulationReason, atMs: number): Simulation {
  if (isFinal(present.state) || present.state === 'STOPPING') return present;
  const hasWorker = present.state === 'STARTING' || present.state === 'RUNNING' || present.state === 'PAUSED';
  return hasWorker ? moveTo(present, 'STOPPING', { reason }) : moveTo(present, 'STOPPED', { reason, endedAtMs: atMs });
}

/** One that was stopped before it was launched has not failed. */
export function launchFailed(present: Simulation, message: string, atMs: number): Simulation {
  if (isFinal(present.state)) return present;
  if (present.state === 'STOPPING') {
    return moveTo(present, 'STOPPED', {
      endedAtMs: atMs,
      reason: present.reason ?? 'STOPPED_BY_REQUEST',
      message,
    });
  }
  return moveTo(present, 'FAILED', { endedAtMs: atMs, reason: 'LAUNCH_FAILED', message });
}

function up(present: Simulation): Simulation {
  return moveTo(present, present.startPaused ? 'PAUSED' : 'RUNNING');
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

import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { WorkerId } from '../ids.ts';
import { without } from '../without.ts';
import { type Change, moveTo } from './lifecycle.ts';
import type { Simulation, SimulationReason } from './simulation.ts';
import { isFinal, type SimulationState } from './simulation-state.ts';

const OF_THE_WORKER_BEFORE = [
  'handle',
  'exitCode',
  'exitSignal',
  'reason',
  'message',
  'restartAtMs',
  'heartbeats',
  'countsTicks',
] as const satisfies readonly (keyof Simulation)[];

/** A worker is about to be launched for it: what was said of the one before is over. */
export function starting(present: Simulation, workerId: WorkerId, atMs: number): Simulation {
  const { incarnation, startedAtMs = atMs } = present;
  return moveTo(without(present, ...OF_THE_WORKER_BEFORE), 'STARTING', {
    workerId,
    incarnation: incarnation + 1,
    startedAtMs,
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

function up(present: Simulation): Simulation {
  return moveTo(present, present.startPaused ? 'PAUSED' : 'RUNNING');
}

/** Somebody wants it to end: without a worker it has ended. */
export function stopping(present: Simulation, reason: SimulationReason, atMs: number): Simulation {
  if (isFinal(present.state) || present.state === 'STOPPING') return present;
  const hasWorker = present.state === 'STARTING' || present.state === 'RUNNING' || present.state === 'PAUSED';
  if (hasWorker) return moveTo(present, 'STOPPING', { reason });
  const said = present.message === undefined ? {} : { message: `stopped before the next try: ${present.message}` };
  return moveTo(without(present, 'restartAtMs'), 'STOPPED', { reason, endedAtMs: atMs, ...said });
}

/** It gets a fresh process in place of a reset: no restart of the policy, and none that goes on from a snapshot. */
export function resetByRestart(
  present: Simulation,
  change: Pick<Partial<Simulation>, 'seed' | 'configuration' | 'startPaused'>,
  atMs: number,
): Simulation {
  const begun = without(present, 'startFrom', 'snapshotRef', 'restartAtMs', 'message');
  return moveTo(begun, 'RESTARTING', { ...change, reason: 'RESET_BY_RESTART', resetAtMs: atMs });
}

/** What became of a run whose worker has ended, or could not be launched, without being asked to. */
export interface Outcome {
  readonly state: 'COMPLETED' | 'FAILED';
  readonly reason: SimulationReason;
}

/** What the restart policy says to it. The texts are for people. */
export type AfterOutcome =
  | { readonly kind: 'none'; readonly why?: string }
  | { readonly kind: 'exhausted'; readonly why: string }
  | {
      readonly kind: 'restart';
      readonly why: string;
      readonly change: Required<Pick<Simulation, 'restartAtMs' | 'restartedAtMs' | 'startFrom'>>;
    };

/** Asked within a change of the record: changes nothing itself. */
export type RestartDecider = (present: Simulation, outcome: Outcome, end: WorkerEnd) => AfterOutcome;

/** How a worker ended, in the words that the lifecycle needs. */
export interface WorkerEnd {
  readonly exitCode?: number;
  readonly exitSignal?: string;
  readonly atMs: number;
  /** From when it registered to when it hung or ended; absent when it never did register. */
  readonly uptimeMs?: number;
  /** For people: `exited 3 after 120 ms; last lines: …`. */
  readonly description: string;
  /** Why Shoal itself ended it, if it did. */
  readonly verdict?: SimulationReason;
}

/** A worker could not be launched. One that was stopped before it was launched has not failed. */
export function launchFailed(present: Simulation, end: WorkerEnd, decide: RestartDecider): Simulation {
  const { state } = present;
  if (isFinal(state)) return present;
  if (state === 'STOPPING') return stopped(present, end);
  const outcome = { state: 'FAILED', reason: 'LAUNCH_FAILED' } as const;
  return state === 'STARTING' ? follow(present, outcome, end, decide) : over(present, outcome, end);
}

/**
 * Where a simulation goes when its worker has ended. One that is final stays as it is, and so does one that has no worker
 * at the moment: in RESTARTING the end of the one before is what it waits for.
 */
export function afterWorkerEnd(simulation: Simulation, end: WorkerEnd, decide: RestartDecider): Simulation {
  const { state } = simulation;
  if (isFinal(state) || state === 'PENDING' || state === 'RESTARTING') return simulation;
  if (state === 'STOPPING') return stopped(simulation, end);
  return follow(simulation, outcomeOf(state, end), end, decide);
}

/** What an end that nobody asked for means in a state. */
export function outcomeOf(state: SimulationState, end: WorkerEnd): Outcome {
  if (end.verdict !== undefined) return { state: 'FAILED', reason: end.verdict };
  if (state === 'STARTING') return { state: 'FAILED', reason: 'EXITED_BEFORE_REGISTERING' };
  if (end.exitCode === 0) return { state: 'COMPLETED', reason: 'COMPLETED' };
  return { state: 'FAILED', reason: 'WORKER_CRASHED' };
}

function follow(present: Simulation, outcome: Outcome, end: WorkerEnd, decide: RestartDecider): Simulation {
  const after = decide(present, outcome, end);
  if (after.kind === 'none') return over(present, outcome, end, after.why);
  if (after.kind === 'exhausted')
    return over(present, { state: 'FAILED', reason: 'RESTARTS_EXHAUSTED' }, end, after.why);
  return moveTo(present, 'RESTARTING', {
    ...exitOf(end),
    ...after.change,
    reason: outcome.reason,
    message: `${end.description}; ${after.why}`,
    restarts: present.restarts + 1,
    // It comes back as it was.
    startPaused: present.state === 'STARTING' ? present.startPaused : present.state === 'PAUSED',
  });
}

function over(present: Simulation, { state, reason }: Outcome, end: WorkerEnd, why?: string): Simulation {
  const message = why === undefined ? end.description : `${end.description}; ${why}`;
  return moveTo(present, state, { ...exitOf(end), endedAtMs: end.atMs, reason, message });
}

function stopped(present: Simulation, end: WorkerEnd): Simulation {
  const reason = present.reason ?? 'STOPPED_BY_REQUEST';
  return moveTo(present, 'STOPPED', { ...exitOf(end), endedAtMs: end.atMs, reason, message: end.description });
}

function exitOf({ exitCode, exitSignal }: WorkerEnd): Change {
  return {
    ...(exitCode === undefined ? {} : { exitCode }),
    ...(exitSignal === undefined ? {} : { exitSignal }),
  };
}

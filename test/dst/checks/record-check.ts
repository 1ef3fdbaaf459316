import { isDeepStrictEqual } from 'node:util';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import { demand } from '../harness/violation.ts';
import type { RestartCheck } from './restart-check.ts';

/** Contract section 6, written down once more: from each state, the states that may follow. */
const MAY_FOLLOW: Readonly<Record<string, readonly string[]>> = {
  PENDING: ['STARTING', 'FAILED', 'STOPPED', 'LOST'],
  STARTING: ['RUNNING', 'PAUSED', 'STOPPING', 'STOPPED', 'RESTARTING', 'FAILED', 'LOST'],
  RUNNING: ['PAUSED', 'STOPPING', 'STOPPED', 'RESTARTING', 'COMPLETED', 'FAILED', 'LOST'],
  PAUSED: ['RUNNING', 'STOPPING', 'STOPPED', 'RESTARTING', 'COMPLETED', 'FAILED', 'LOST'],
  STOPPING: ['STOPPED', 'LOST'],
  RESTARTING: ['STARTING', 'FAILED', 'STOPPED', 'LOST'],
  LOST: ['STARTING', 'RUNNING', 'PAUSED', 'STOPPING', 'RESTARTING', 'COMPLETED', 'FAILED', 'STOPPED'],
  COMPLETED: [],
  FAILED: [],
  STOPPED: [],
};

export function isOver(state: string): boolean {
  return MAY_FOLLOW[state]?.length === 0;
}

/** Looks at every record as it is written: what the disk holds is what a new daemon will believe. */
export class RecordCheck {
  readonly #restarts: RestartCheck;
  /** How many simulations were ever recorded for a request to start. */
  readonly #startsOfRequest = new Map<string, number>();

  constructor(restarts: RestartCheck) {
    this.#restarts = restarts;
  }

  created(simulation: Simulation): void {
    const { id, state, incarnation, request } = simulation;
    demand(state === 'PENDING' && incarnation === 0, () => `${id} begins ${state}, incarnation ${incarnation}`);
    if (request === undefined) return;
    const starts = (this.#startsOfRequest.get(request.id) ?? 0) + 1;
    this.#startsOfRequest.set(request.id, starts);
    demand(starts === 1, () => `request ${request.id} has started ${starts} simulations`);
  }

  changed(before: Simulation, after: Simulation): void {
    const { id } = before;
    const steps = `${before.state} to ${after.state}`;
    if (isOver(before.state)) {
      demand(onlyFiguresDiffer(before, after), () => `${id} is ${before.state}, and more than its figures changes`);
      return;
    }
    demand(
      before.state === after.state || MAY_FOLLOW[before.state]?.includes(after.state),
      () => `${id} goes from ${steps}`,
    );
    const rise = after.incarnation - before.incarnation;
    demand(rise === (isLaunch(before, after) ? 1 : 0), () => `${id} goes from ${steps}, incarnation rises by ${rise}`);
    demand(after.restarts >= before.restarts, () => `${id} forgets restarts`);
    this.#restarts.changed(before, after);
    if (!isOver(after.state)) return;
    demand(after.reason !== undefined, () => `${id} is ${after.state} without a reason`);
    demand(after.endedAtMs !== undefined, () => `${id} is ${after.state} without a time`);
  }

  removed({ id, state }: Simulation): void {
    demand(isOver(state), () => `${id} is forgotten in ${state}`);
  }
}

function isLaunch(before: Simulation, after: Simulation): boolean {
  return after.state === 'STARTING' && before.state !== 'STARTING' && before.workerId !== after.workerId;
}

function onlyFiguresDiffer(before: Simulation, after: Simulation): boolean {
  return isDeepStrictEqual({ ...before, figures: undefined }, { ...after, figures: undefined });
}

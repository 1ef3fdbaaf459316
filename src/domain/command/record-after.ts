import type { WorkerId } from '../ids.ts';
import { mayFollow, moveTo } from '../simulation/lifecycle.ts';
import type { Simulation } from '../simulation/simulation.ts';
import { isFinal } from '../simulation/simulation-state.ts';
import { without } from '../without.ts';
import type { Command } from './command.ts';
import type { CommandOutcome } from './command-outcome.ts';
import { stateAfter } from './command-policy.ts';
import { changeByReset } from './reset-change.ts';

export interface AfterFacts {
  /** Which worker has done it. */
  readonly workerId: WorkerId;
  readonly outcome?: CommandOutcome;
  readonly nowMs: number;
  /** Whether its type restarts from snapshots. */
  readonly restoresSnapshots: boolean;
}

/** Whether {@link recordAfter} may give another record. */
export function mayChangeRecord({ name }: Command): boolean {
  return name === 'reset' || name === 'snapshot' || stateAfter(name) !== undefined;
}

/** What a command that its worker has done changes in the simulation's record: nothing once it is over, or another worker's. */
export function recordAfter(
  present: Simulation,
  command: Command,
  { workerId, outcome, nowMs, restoresSnapshots }: AfterFacts,
): Simulation {
  if (isFinal(present.state) || present.workerId !== workerId) return present;
  const state = stateAfter(command.name);
  if (state !== undefined) return mayFollow(present.state, state) ? moveTo(present, state) : present;
  if (command.name === 'snapshot') {
    const ref = outcome?.snapshotRef ?? '';
    return ref === '' ? present : { ...present, snapshotRef: ref };
  }
  if (command.name !== 'reset') return present;
  const change = changeByReset(command);
  // Snapshots from before are of another course. Written only where it matters: resets may be many.
  if (restoresSnapshots || present.snapshotRef !== undefined) {
    return { ...without(present, 'snapshotRef'), ...change, resetAtMs: nowMs };
  }
  return Object.keys(change).length === 0 ? present : { ...present, ...change };
}

import type { WorkerId } from '../ids.ts';
import { moveTo } from './lifecycle.ts';
import type { Simulation } from './simulation.ts';
import { isFinal } from './simulation-state.ts';

/** Nobody can say whether its worker still runs. */
export function lost(present: Simulation, why: string): Simulation {
  const { ownerId, state } = present;
  const message = `daemon ${ownerId} ended without stopping it; it was ${state}, and nobody can say what its worker does: ${why}. \`shoal stop\` settles the record`;
  return moveTo(present, 'LOST', { reason: 'OWNER_GONE', message });
}

/** Its daemon was killed while its worker was starting, which does not run any more: it gets another. */
export function unlaunched(present: Simulation): Simulation {
  if (present.state !== 'STARTING') return present;
  const message = 'its daemon was killed before the worker had registered; another one is launched';
  return moveTo(present, 'RESTARTING', { reason: 'ENDED_WITH_DAEMON', message });
}

/** Its daemon was killed, and its worker type is not in the configuration any more: nobody can launch it. */
export function orphaned(present: Simulation, atMs: number): Simulation {
  if (isFinal(present.state)) return present;
  const message = `its daemon was killed, and worker type ${present.workerType} is not in the configuration any more`;
  if (present.state === 'STOPPING') return moveTo(present, 'STOPPED', { endedAtMs: atMs, message });
  const reason = present.state === 'PENDING' ? 'LAUNCH_FAILED' : 'ENDED_WITH_DAEMON';
  return moveTo(present, 'FAILED', { endedAtMs: atMs, reason, message });
}

/** The worker says whether it runs or is paused, and the record does not say the same. */
export function runsAs(present: Simulation, workerId: WorkerId, told: 'RUNNING' | 'PAUSED'): Simulation {
  if (present.workerId !== workerId || present.state === told) return present;
  return present.state === 'RUNNING' || present.state === 'PAUSED' ? moveTo(present, told) : present;
}

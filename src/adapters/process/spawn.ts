import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import type { LaunchPlan } from '../../ports/worker-launcher.ts';
import type { KeptFiles } from './kept-files.ts';
import { spawnError } from './launch-check.ts';
import type { WorkerCgroups } from './worker-cgroups.ts';

/**
 * The parent of a worker that outlives its daemon, for only a parent learns how a process ended. Its own descriptors: 3 the
 * worker's stderr, so that what a shell says of a signal does not show as output; 4 the file for the end; 5, where there is
 * one, the list of processes of the worker's cgroup.
 *
 * Signals reach the whole group. A trap, and not `''`, lets the shell live on while the worker gets the signal's default.
 */
const PARENT = `trap : HUP INT QUIT TERM USR1 USR2
(exec "$@" 2>&3 3>&- 4>&-)
set -- $?
echo "$1" >&4
exit "$1"`;
const JOIN_CGROUP = 'echo 0 >&5; exec 5>&-\n';

/**
 * Starts a worker, in a cgroup of its own where there are some.
 *
 * @param files present: it outlives its daemon
 * @throws ShoalError INVALID_ARGUMENT, CAPACITY_EXHAUSTED
 */
export async function spawnWorker(
  path: string,
  plan: LaunchPlan,
  files: KeptFiles | undefined,
  cgroups: WorkerCgroups | undefined,
): Promise<ChildProcess> {
  const list = cgroups?.make(plan.workerId);
  try {
    if (files !== undefined) return await spawnKept(path, plan, files, list);
    const child = await spawnTied(path, plan);
    if (list !== undefined && child.pid !== undefined) cgroups?.join(list, child.pid);
    return child;
  } catch (thrown) {
    await cgroups?.remove(plan.workerId);
    throw thrown;
  } finally {
    if (list !== undefined) closeSync(list);
  }
}

/** With pipes for its output: it is tied to this daemon. */
function spawnTied(path: string, plan: LaunchPlan): Promise<ChildProcess> {
  return spawned(plan, () => spawn(path, plan.args, { ...surroundings(plan), stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** Below a shell that writes down its end, with files for its output. */
function spawnKept(
  path: string,
  plan: LaunchPlan,
  files: KeptFiles,
  cgroupList: number | undefined,
): Promise<ChildProcess> {
  const script = cgroupList === undefined ? PARENT : JOIN_CGROUP + PARENT;
  const join = cgroupList === undefined ? [] : [cgroupList];
  return spawned(plan, () =>
    files.withAll((stdout, stderr, exit) =>
      spawn('/bin/sh', ['-c', script, 'shoal-worker', path, ...plan.args], {
        ...surroundings(plan),
        stdio: ['ignore', stdout, 'ignore', stderr, exit, ...join],
      }),
    ),
  );
}

function surroundings(plan: LaunchPlan): SpawnOptions {
  return {
    ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
    // Node adds NODE_V8_COVERAGE of its own accord, unless the key is there.
    env: { NODE_V8_COVERAGE: undefined, ...plan.env },
    detached: true,
  };
}

function spawned(plan: LaunchPlan, start: () => ChildProcess): Promise<ChildProcess> {
  return new Promise((resolve, reject) => {
    try {
      const child = start();
      child.on('error', (err) => reject(spawnError(err, plan)));
      if (child.pid !== undefined) resolve(child);
    } catch (err) {
      reject(spawnError(err, plan));
    }
  });
}

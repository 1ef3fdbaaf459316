import type { LaunchHandle } from '../../ports/worker-launcher.ts';

/** What names a process for good: a pid alone is used again. */
export interface ProcessIdentity {
  readonly workerId: string;
  readonly pid: number;
  /** As {@link ProcessEntry} has it; 0 where the system does not tell (no `/proc`). */
  readonly startTime: number;
  readonly bootId: string;
}

/** A worker's process, and how it was launched. */
export interface WorkerProcess extends ProcessIdentity {
  /** It outlives its daemon: see {@link KeptFiles}. */
  readonly kept: boolean;
  readonly startedAtMs: number;
}

const PROCESS_LAUNCHER = 'process';
const VERSION = 1;

export function toHandle({ workerId, pid, startTime, bootId, kept, startedAtMs }: WorkerProcess): LaunchHandle {
  const data = { workerId, pid, startTime, bootId, kept: kept ? 1 : 0, startedAtMs };
  return { launcher: PROCESS_LAUNCHER, version: VERSION, data };
}

/** Undefined for a handle of another launcher or a later version. */
export function toProcess(handle: LaunchHandle): WorkerProcess | undefined {
  if (handle.launcher !== PROCESS_LAUNCHER || handle.version !== VERSION) return undefined;
  const { workerId, pid, startTime, bootId, kept, startedAtMs } = handle.data;
  if (typeof workerId !== 'string' || typeof bootId !== 'string') return undefined;
  // Signals go to -pid: 1 and 0 would reach everything.
  if (typeof pid !== 'number' || !Number.isInteger(pid) || pid < 2 || typeof startTime !== 'number') return undefined;
  return {
    workerId,
    pid,
    startTime,
    bootId,
    kept: kept === 1,
    startedAtMs: typeof startedAtMs === 'number' ? startedAtMs : 0,
  };
}

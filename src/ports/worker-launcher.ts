import type { WorkerId } from '../domain/ids.ts';

/**
 * Runs workers somewhere: as processes of this machine, in containers.
 *
 * For each launched worker the observer hears zero or more lines of output and then exactly one exit, also when it was
 * ended by us. A launch that fails rejects with INVALID_ARGUMENT (a bad executable or directory) or
 * CAPACITY_EXHAUSTED (the machine refuses another process), and the observer hears nothing.
 */
export interface WorkerLauncher {
  launch(plan: LaunchPlan, observer: LaunchObserver): Promise<LaunchHandle>;

  /**
   * Takes over a worker launched by an earlier daemon. Idempotent, the newest observer hears. Whatever a worker that has gone left
   * running is ended. Output is lost, unless the plan said that it {@link LaunchPlan.outlives outlives} its daemon.
   */
  recover(handle: LaunchHandle, observer: LaunchObserver): Promise<Recovered>;

  /** The handle of a worker that an earlier daemon launched and did not live to record; `unknown` where nobody can say. */
  find(workerId: WorkerId): Promise<LaunchHandle | 'none' | 'unknown'>;

  /** Ends at once all that these workers left running. They are of earlier daemons, and nobody watches over them. */
  sweep(workerIds: readonly WorkerId[]): Promise<void>;

  /** Sends a signal to the worker and everything that it started. A worker that has gone is not an error. */
  signal(handle: LaunchHandle, signal: WorkerSignal): void;
}

export type Recovered =
  | { readonly fate: 'running' }
  /** Also when something else has taken its place. The observer hears nothing more; `exit` where it is known. */
  | { readonly fate: 'gone'; readonly exit?: WorkerExit }
  /** The handle of another launcher, or a system that cannot tell. */
  | { readonly fate: 'unknown' };

/** Opaque outside the launcher that made it; plain data, so that it can be stored. */
export interface LaunchHandle {
  readonly launcher: string;
  readonly version: number;
  readonly data: Readonly<Record<string, string | number>>;
}

export interface LaunchPlan {
  readonly workerId: WorkerId;
  /** A path, or a name looked up on PATH. */
  readonly executable: string;
  readonly args: readonly string[];
  /** Complete: nothing of the daemon's own environment is added. Its `SHOAL_WORKER_ID` marks all that the worker starts. */
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Goes on when the daemon ends without ending it: nothing ties it to the daemon, and its end is known to the next one. */
  readonly outlives?: boolean;
}

export interface LaunchObserver {
  onOutput(line: OutputLine): void;
  onExit(exit: WorkerExit): void;
}

export interface OutputLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
  readonly timeMs: number;
  /** The line was longer than the limit and is cut. */
  readonly truncated: boolean;
}

export interface WorkerExit {
  /** Absent when a signal ended it. Both are absent for a recovered worker whose end only its first launcher could have learnt. */
  readonly code?: number;
  readonly signal?: string;
  readonly durationMs: number;
  /** Absent: now. */
  readonly endedAtMs?: number;
}

export type WorkerSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGKILL';

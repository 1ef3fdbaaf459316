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
   * Finds a worker launched by an earlier daemon. Idempotent, the newest observer hears; `gone` also when something else has taken
   * its place. Whatever a worker that has gone left running is ended. Output may be lost.
   */
  recover(handle: LaunchHandle, observer: LaunchObserver): Promise<'running' | 'gone'>;

  /** Sends a signal to the worker and everything that it started. A worker that has gone is not an error. */
  signal(handle: LaunchHandle, signal: WorkerSignal): void;
}

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
}

export type WorkerSignal = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2' | 'SIGKILL';

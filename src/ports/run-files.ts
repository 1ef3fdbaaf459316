import type { WorkerId } from '../domain/ids.ts';

/** The private folder of each worker: readable by the worker alone, gone when the worker is. */
export interface RunFiles {
  /** Writes the run's configuration. */
  prepare(workerId: WorkerId, configuration: RunConfiguration): Promise<WorkerFiles>;
  /** Idempotent. */
  remove(workerId: WorkerId): Promise<void>;
}

export interface RunConfiguration {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface WorkerFiles {
  readonly configFile: string;
  readonly snapshotDir: string;
}

import type { WorkerId } from '../domain/ids.ts';

/** The private folder of each worker: readable by the worker alone, gone when the worker is. */
export interface RunFiles {
  /**
   * Writes the run's configuration.
   *
   * @param snapshotDir where the worker writes its snapshots; absent: in its own folder, gone with it
   */
  prepare(workerId: WorkerId, configuration: RunConfiguration, snapshotDir?: string): Promise<WorkerFiles>;
  /** Idempotent. */
  remove(workerId: WorkerId): Promise<void>;
  /** Of which workers there are files, of this daemon's or of one before it. */
  leftovers(): Promise<readonly WorkerId[]>;
}

export interface RunConfiguration {
  readonly bytes: Uint8Array;
  readonly contentType: string;
}

export interface WorkerFiles {
  readonly configFile: string;
  readonly snapshotDir: string;
}

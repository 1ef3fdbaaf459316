import type { SimulationId } from '../domain/ids.ts';

/** The snapshots of each simulation: they outlive the workers that wrote them, and go with the simulation's record. */
export interface SnapshotFiles {
  /**
   * The folder in which a worker of the simulation writes them, there from now on.
   *
   * @param isFirst it is the simulation's first worker: what one of the same id left long ago is removed
   */
  prepare(id: SimulationId, isFirst: boolean): Promise<string>;

  /**
   * The path to go on from: that of the acknowledged `ref`, else of the newest complete file. Complete is what was renamed into
   * place: a name that neither begins with a dot nor ends in `.tmp` or `.part`. Undefined when there is none.
   */
  find(id: SimulationId, wanted: WantedSnapshot): Promise<string | undefined>;

  /** Idempotent. */
  remove(id: SimulationId): Promise<void>;
}

export interface WantedSnapshot {
  /** As the worker named it: absolute, or from the folder. */
  readonly ref?: string;
  /** By the wall clock: files from before it are of another course. */
  readonly sinceMs?: number;
}

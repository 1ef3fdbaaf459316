import type { WorkerType } from '../domain/worker-type.ts';

/** The worker types of the present configuration, available or not. */
export interface WorkerTypeCatalogue {
  /** In the order of the configuration. */
  list(): readonly WorkerType[];
  get(name: string): WorkerType | undefined;
}

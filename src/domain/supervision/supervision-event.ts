import type { WorkerExit } from '../../ports/worker-launcher.ts';
import type { SimulationId } from '../ids.ts';
import type { ShoalError } from '../shoal-error.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { Worker } from './worker.ts';

/** What happened to a worker; for logs, metrics and alerts. */
export type SupervisionEvent =
  | { readonly kind: 'launched'; readonly worker: Worker }
  | { readonly kind: 'registered'; readonly worker: Worker }
  | { readonly kind: 'launch-failed'; readonly simulationId: SimulationId; readonly error: ShoalError }
  | {
      readonly kind: 'ended';
      readonly worker: Worker;
      readonly exit: WorkerExit;
      readonly description: string;
      /** Absent when the worker was replaced. */
      readonly simulation?: Simulation;
    };

export type SupervisionListener = (event: SupervisionEvent) => void;

import type { WorkerExit } from '../../ports/worker-launcher.ts';
import type { SimulationId } from '../ids.ts';
import type { ShoalError } from '../shoal-error.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { BreakerState } from './circuit-breaker.ts';
import type { Worker } from './worker.ts';

/** What happened to a worker; for logs, metrics and alerts. */
export type SupervisionEvent =
  | { readonly kind: 'launched'; readonly worker: Worker }
  | { readonly kind: 'registered'; readonly worker: Worker }
  | {
      readonly kind: 'launch-failed';
      readonly simulationId: SimulationId;
      readonly error: ShoalError;
      /** Whether it is tried again. */
      readonly willRestart: boolean;
    }
  | {
      readonly kind: 'ended';
      readonly worker: Worker;
      readonly exit: WorkerExit;
      readonly description: string;
      /** Final, or RESTARTING by the restart policy; absent when the worker was replaced. */
      readonly simulation?: Simulation;
    }
  /** It has ended, and its record will never say so: it is another daemon's, or too large for the store. */
  | { readonly kind: 'unrecorded'; readonly worker: Worker; readonly error: ShoalError }
  /** Its tick stands; `tick-moves` follows unless it is ended for that. */
  | { readonly kind: 'stalled'; readonly worker: Worker; readonly message: string }
  | { readonly kind: 'tick-moves'; readonly worker: Worker }
  | {
      readonly kind: 'breaker-moved';
      readonly workerType: string;
      readonly state: BreakerState;
      /** For people; absent when it has closed. */
      readonly trouble?: string;
    };

export type SupervisionListener = (event: SupervisionEvent) => void;

import type { RunConfiguration } from '../../ports/run-files.ts';
import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { SimulationId, WorkerId } from '../ids.ts';
import type { SimulationState } from './simulation-state.ts';

/** A run, as it is stored: what must survive the daemon. Figures that change with every event are kept apart, and noted here now and then. */
export interface Simulation {
  readonly id: SimulationId;
  readonly workerType: string;
  readonly state: SimulationState;
  readonly labels: Readonly<Record<string, string>>;
  readonly configuration: RunConfiguration;
  readonly seed?: bigint;
  readonly startPaused: boolean;
  /** From its first launch on; absent: as long as it takes. */
  readonly maxRunTimeMs?: number;
  /** The orchestrator that supervises it; only this one writes. */
  readonly ownerId: string;
  readonly createdAtMs: number;
  readonly startedAtMs?: number;
  readonly endedAtMs?: number;
  /** The worker that holds it now, or held it last. */
  readonly workerId?: WorkerId;
  /** Where that worker runs; absent until the launcher has answered. */
  readonly handle?: LaunchHandle;
  /** Rises with every launch for this simulation, from 1; 0 before the first. */
  readonly incarnation: number;
  readonly restarts: number;
  readonly exitCode?: number;
  readonly exitSignal?: string;
  /** Why it is in this state, for programs. */
  readonly reason?: SimulationReason;
  /** The same for people. */
  readonly message?: string;
  /** As of the last change of this record; absent while there are none. */
  readonly figures?: RecordedFigures;
  /** By which it was started, when it had an id: sent again, also to the next daemon, it is answered with this simulation. */
  readonly request?: RecordedRequest;
}

export interface RecordedRequest {
  /** The caller and the method. */
  readonly scope: string;
  readonly id: string;
  /** Equal for equal requests. */
  readonly fingerprint: string;
}

export interface RecordedFigures {
  readonly lastTick: bigint;
  readonly eventsReceived: number;
  readonly eventsLogged: number;
}

/** Stable codes, explained in `docs/states.md`. */
export const SIMULATION_REASONS = [
  'COMPLETED',
  'STOPPED_BY_REQUEST',
  'MAX_RUN_TIME',
  'SHUTDOWN',
  'LAUNCH_FAILED',
  'EXITED_BEFORE_REGISTERING',
  'REGISTER_TIMEOUT',
  'HEARTBEAT_LOST',
  'WORKER_CRASHED',
  'RESET_BY_RESTART',
  'OWNER_GONE',
] as const;

export type SimulationReason = (typeof SIMULATION_REASONS)[number];

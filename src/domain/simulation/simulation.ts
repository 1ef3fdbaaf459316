import type { RunConfiguration } from '../../ports/run-files.ts';
import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { SimulationId, WorkerId } from '../ids.ts';
import type { SimulationState } from './simulation-state.ts';

/** A run, as it is stored: what must survive the daemon. Figures that change with every event are kept apart. */
export interface Simulation {
  readonly id: SimulationId;
  readonly workerType: string;
  readonly state: SimulationState;
  readonly labels: Readonly<Record<string, string>>;
  readonly configuration: RunConfiguration;
  readonly seed?: bigint;
  readonly startPaused: boolean;
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
}

/** Stable codes, explained in `docs/states.md`. */
export const SIMULATION_REASONS = [
  'COMPLETED',
  'STOPPED_BY_REQUEST',
  'SHUTDOWN',
  'LAUNCH_FAILED',
  'EXITED_BEFORE_REGISTERING',
  'REGISTER_TIMEOUT',
  'HEARTBEAT_LOST',
  'WORKER_CRASHED',
  'RESET_BY_RESTART',
] as const;

export type SimulationReason = (typeof SIMULATION_REASONS)[number];

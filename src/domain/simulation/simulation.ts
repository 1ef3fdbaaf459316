import type { RunConfiguration } from '../../ports/run-files.ts';
import type { LaunchHandle } from '../../ports/worker-launcher.ts';
import type { RestartPolicyName, StartFrom } from '../configuration.ts';
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
  /** Launches that the restart policy made. */
  readonly restarts: number;
  /** What this run says of restarts, in place of its worker type. */
  readonly restart?: RestartOverride;
  /** When the restart policy made its latest restarts, the oldest first, by the wall clock; those before a healthy spell are forgotten. */
  readonly restartedAtMs?: readonly number[];
  /** In RESTARTING, when the next worker is launched, by the wall clock; absent where that does not wait for a time. */
  readonly restartAtMs?: number;
  /** What the present incarnation began with, when the restart policy launched it. */
  readonly startFrom?: StartFrom;
  /** Its worker sends heartbeats, so that it owes them to a daemon that adopts it; told only where workers are adopted. */
  readonly heartbeats?: true;
  /** They have told a tick above 0: a daemon that adopts it judges its tick, even when it was reset meanwhile. */
  readonly countsTicks?: true;
  /** Of the last snapshot that was acknowledged, as the worker named it. */
  readonly snapshotRef?: string;
  /** When it was last reset, by the wall clock: snapshots from before it are of another course. */
  readonly resetAtMs?: number;
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

export interface RestartOverride {
  readonly policy?: RestartPolicyName;
  readonly maxRestarts?: number;
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
  'STALLED',
  'WORKER_CRASHED',
  'RESTARTS_EXHAUSTED',
  'RESET_BY_RESTART',
  'ENDED_WITH_DAEMON',
  'OWNER_GONE',
] as const;

export type SimulationReason = (typeof SIMULATION_REASONS)[number];

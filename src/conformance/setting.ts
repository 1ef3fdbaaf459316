import type { RegisterWorkerResponse } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';

/** What a worker of one scene finds. */
export interface Setting {
  /** What RegisterWorker is answered, over {@link DEFAULT_TERMS}. */
  readonly terms?: Partial<RegisterWorkerResponse>;
  /** Default: gRPC where the worker type allows it. */
  readonly transport?: 'grpc' | 'nats';
  /** Default 30,000. */
  readonly orphanTimeoutMs?: number;
  /** In place of the run's configuration. */
  readonly configText?: string;
  /** Of an examination that still goes on. */
  readonly restoreFile?: string;
  /** The simulation that it belongs to; default: one of its own. */
  readonly simulationId?: string;
  readonly incarnation?: number;
  /** How long the headers of ReceiveCommands are held back; default 0. */
  readonly headersDelayMs?: number;
}

/**
 * Small batches, and few of them unacknowledged: a worker that ticks as fast as it can is slowed down to what an examiner can
 * look at.
 */
export const DEFAULT_TERMS = {
  heartbeatIntervalMs: 300,
  maxBatchEvents: 64,
  maxEventBytes: 1_040_384,
  maxBatchBytes: 3 * 1024 * 1024,
  maxInFlightBatches: 4,
  desiredState: 'SIMULATION_STATE_RUNNING',
} as const satisfies RegisterWorkerResponse;

/** Every run has a seed, so that it can be repeated. */
export const SEED = 20_261n;

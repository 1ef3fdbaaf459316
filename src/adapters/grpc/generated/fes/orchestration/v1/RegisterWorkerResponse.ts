// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What a registered worker must know to work.
 */
export interface RegisterWorkerResponse {
  /**
   * Where its commands come from: `nats` or `grpc`.
   */
  'commandTransport'?: (string) | undefined;
  /**
   * The NATS subject of its commands, `commands.worker.{worker_id}.control`; empty where the transport is `grpc`.
   */
  'commandSubject'?: (string) | undefined;
  /**
   * The NATS servers to connect to, as URLs without credentials; empty where the transport is `grpc`.
   */
  'natsUrls'?: (string)[] | undefined;
  /**
   * How often to call Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs'?: (number) | undefined;
  /**
   * The most events that one batch may have.
   */
  'maxBatchEvents'?: (number) | undefined;
  /**
   * The most bytes that one serialised envelope may have.
   */
  'maxEventBytes'?: (number) | undefined;
  /**
   * The state the worker should be in: RUNNING, or PAUSED to hold at tick 0.
   */
  'desiredState'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * Whether this worker had registered before, for example to an orchestrator that has restarted since.
   */
  'resumed'?: (boolean) | undefined;
  /**
   * The most bytes that one serialised batch may have; 3 MiB unless set otherwise.
   */
  'maxBatchBytes'?: (number) | undefined;
  /**
   * The most batches that may be sent and not yet acknowledged on one stream.
   */
  'maxInFlightBatches'?: (number) | undefined;
  /**
   * Which launch for its simulation this worker is, counted from 1; 0 for a warm worker.
   */
  'incarnation'?: (number) | undefined;
  /**
   * The highest `ordinal` of this incarnation that Shoal has dealt with: resend only what is above. 0: resend all.
   */
  'resumeAfterOrdinal'?: (number | string | Long) | undefined;
}

/**
 * What a registered worker must know to work.
 */
export interface RegisterWorkerResponseOutput {
  /**
   * Where its commands come from: `nats` or `grpc`.
   */
  'commandTransport': (string);
  /**
   * The NATS subject of its commands, `commands.worker.{worker_id}.control`; empty where the transport is `grpc`.
   */
  'commandSubject': (string);
  /**
   * The NATS servers to connect to, as URLs without credentials; empty where the transport is `grpc`.
   */
  'natsUrls': (string)[];
  /**
   * How often to call Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs': (number);
  /**
   * The most events that one batch may have.
   */
  'maxBatchEvents': (number);
  /**
   * The most bytes that one serialised envelope may have.
   */
  'maxEventBytes': (number);
  /**
   * The state the worker should be in: RUNNING, or PAUSED to hold at tick 0.
   */
  'desiredState': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * Whether this worker had registered before, for example to an orchestrator that has restarted since.
   */
  'resumed': (boolean);
  /**
   * The most bytes that one serialised batch may have; 3 MiB unless set otherwise.
   */
  'maxBatchBytes': (number);
  /**
   * The most batches that may be sent and not yet acknowledged on one stream.
   */
  'maxInFlightBatches': (number);
  /**
   * Which launch for its simulation this worker is, counted from 1; 0 for a warm worker.
   */
  'incarnation': (number);
  /**
   * The highest `ordinal` of this incarnation that Shoal has dealt with: resend only what is above. 0: resend all.
   */
  'resumeAfterOrdinal': (string);
}

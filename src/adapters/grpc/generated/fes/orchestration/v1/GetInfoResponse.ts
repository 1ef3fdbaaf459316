// Original file: proto/fes/orchestration/v1/admin_service.proto

import type { Timestamp as _google_protobuf_Timestamp, TimestampOutput as _google_protobuf_TimestampOutput } from '../../../google/protobuf/Timestamp.ts';

/**
 * Which orchestrator this is and how it is set up.
 */
export interface GetInfoResponse {
  /**
   * The version of Shoal, as in its package, for example `1.2.0`.
   */
  'version'?: (string) | undefined;
  /**
   * The id of this orchestrator, as in `source_worker_id` of its commands.
   */
  'orchestratorId'?: (string) | undefined;
  /**
   * Where events go: `memory` or `nats`.
   */
  'messagingAdapter'?: (string) | undefined;
  /**
   * What "durable" means here: how a logged event is kept before it is acknowledged.
   */
  'durability'?: (string) | undefined;
  /**
   * Whether it takes no new simulations.
   */
  'draining'?: (boolean) | undefined;
  /**
   * When this process started.
   */
  'startedAt'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * The version of the contract that it keeps, for example `1`.
   */
  'contractVersion'?: (string) | undefined;
  /**
   * The version of the NATS server that it is connected to; empty without one.
   */
  'natsServerVersion'?: (string) | undefined;
}

/**
 * Which orchestrator this is and how it is set up.
 */
export interface GetInfoResponseOutput {
  /**
   * The version of Shoal, as in its package, for example `1.2.0`.
   */
  'version': (string);
  /**
   * The id of this orchestrator, as in `source_worker_id` of its commands.
   */
  'orchestratorId': (string);
  /**
   * Where events go: `memory` or `nats`.
   */
  'messagingAdapter': (string);
  /**
   * What "durable" means here: how a logged event is kept before it is acknowledged.
   */
  'durability': (string);
  /**
   * Whether it takes no new simulations.
   */
  'draining': (boolean);
  /**
   * When this process started.
   */
  'startedAt': (_google_protobuf_TimestampOutput | null);
  /**
   * The version of the contract that it keeps, for example `1`.
   */
  'contractVersion': (string);
  /**
   * The version of the NATS server that it is connected to; empty without one.
   */
  'natsServerVersion': (string);
}

// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { RejectedEvent as _fes_orchestration_v1_RejectedEvent, RejectedEventOutput as _fes_orchestration_v1_RejectedEventOutput } from '../../../fes/orchestration/v1/RejectedEvent.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A cumulative ack of a stream of batches.
 */
export interface ReportEventBatchesResponse {
  /**
   * All batches up to and with this one are dealt with.
   */
  'sequence'?: (number | string | Long) | undefined;
  /**
   * The events rejected since the ack before.
   */
  'rejected'?: (_fes_orchestration_v1_RejectedEvent)[] | undefined;
}

/**
 * A cumulative ack of a stream of batches.
 */
export interface ReportEventBatchesResponseOutput {
  /**
   * All batches up to and with this one are dealt with.
   */
  'sequence': (string);
  /**
   * The events rejected since the ack before.
   */
  'rejected': (_fes_orchestration_v1_RejectedEventOutput)[];
}

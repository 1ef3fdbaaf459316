// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { RejectedEvent as _fes_orchestration_v1_RejectedEvent, RejectedEventOutput as _fes_orchestration_v1_RejectedEventOutput } from '../../../fes/orchestration/v1/RejectedEvent.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A cumulative ack of a stream of events.
 */
export interface ReportEventStreamResponse {
  /**
   * How many events of this stream are dealt with so far, rejected ones included.
   */
  'processed'?: (number | string | Long) | undefined;
  /**
   * The events rejected since the ack before.
   */
  'rejected'?: (_fes_orchestration_v1_RejectedEvent)[] | undefined;
}

/**
 * A cumulative ack of a stream of events.
 */
export interface ReportEventStreamResponseOutput {
  /**
   * How many events of this stream are dealt with so far, rejected ones included.
   */
  'processed': (string);
  /**
   * The events rejected since the ack before.
   */
  'rejected': (_fes_orchestration_v1_RejectedEventOutput)[];
}

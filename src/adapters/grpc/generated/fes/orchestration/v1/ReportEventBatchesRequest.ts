// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { GenericEventRequest as _fes_common_events_GenericEventRequest, GenericEventRequestOutput as _fes_common_events_GenericEventRequestOutput } from '../../../fes/common/events/GenericEventRequest.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One batch of events.
 */
export interface ReportEventBatchesRequest {
  /**
   * The number of this batch in its stream: from 1, rising by 1.
   */
  'sequence'?: (number | string | Long) | undefined;
  /**
   * The events, in order; at most `max_batch_events`, and `max_batch_bytes` in all.
   */
  'events'?: (_fes_common_events_GenericEventRequest)[] | undefined;
}

/**
 * One batch of events.
 */
export interface ReportEventBatchesRequestOutput {
  /**
   * The number of this batch in its stream: from 1, rising by 1.
   */
  'sequence': (string);
  /**
   * The events, in order; at most `max_batch_events`, and `max_batch_bytes` in all.
   */
  'events': (_fes_common_events_GenericEventRequestOutput)[];
}

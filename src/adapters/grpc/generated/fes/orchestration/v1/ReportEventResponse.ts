// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What became of one event.
 */
export interface ReportEventResponse {
  /**
   * Whether it is durable in the log; false where its route is not logged.
   */
  'logged'?: (boolean) | undefined;
  /**
   * Its place in the log, counted from 1; 0 where it is not logged.
   */
  'logSequence'?: (number | string | Long) | undefined;
}

/**
 * What became of one event.
 */
export interface ReportEventResponseOutput {
  /**
   * Whether it is durable in the log; false where its route is not logged.
   */
  'logged': (boolean);
  /**
   * Its place in the log, counted from 1; 0 where it is not logged.
   */
  'logSequence': (string);
}

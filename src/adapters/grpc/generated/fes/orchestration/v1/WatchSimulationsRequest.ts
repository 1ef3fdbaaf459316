// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Which simulations to watch, and from where.
 */
export interface WatchSimulationsRequest {
  /**
   * Only these; empty: all.
   */
  'simulationIds'?: (string)[] | undefined;
  /**
   * Only those whose labels match; empty: all.
   */
  'labelSelector'?: (string) | undefined;
  /**
   * Go on after this revision, as of the last message that the reader has; 0: begin with the present ones.
   */
  'fromRevision'?: (number | string | Long) | undefined;
}

/**
 * Which simulations to watch, and from where.
 */
export interface WatchSimulationsRequestOutput {
  /**
   * Only these; empty: all.
   */
  'simulationIds': (string)[];
  /**
   * Only those whose labels match; empty: all.
   */
  'labelSelector': (string);
  /**
   * Go on after this revision, as of the last message that the reader has; 0: begin with the present ones.
   */
  'fromRevision': (string);
}

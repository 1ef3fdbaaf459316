// Original file: proto/fes/orchestration/v1/admin_service.proto

import type { Duration as _google_protobuf_Duration, DurationOutput as _google_protobuf_DurationOutput } from '../../../google/protobuf/Duration.ts';

/**
 * How long simulations may go on.
 */
export interface DrainRequest {
  /**
   * Ours: how long from now simulations may go on; then those that are left are stopped, with the reason SHUTDOWN. Left out:
   * for ever.
   */
  'deadline'?: (_google_protobuf_Duration | null) | undefined;
}

/**
 * How long simulations may go on.
 */
export interface DrainRequestOutput {
  /**
   * Ours: how long from now simulations may go on; then those that are left are stopped, with the reason SHUTDOWN. Left out:
   * for ever.
   */
  'deadline': (_google_protobuf_DurationOutput | null);
}

// Original file: proto/fes/orchestration/v1/command.proto

import type { Struct as _google_protobuf_Struct, StructOutput as _google_protobuf_StructOutput } from '../../../google/protobuf/Struct.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Begin again at tick 0, in the same state. Key `orchestrator.control.reset`; allowed in RUNNING and PAUSED. Where the
 * worker type has no reset, Shoal restarts its process instead.
 */
export interface ResetCommand {
  /**
   * The seed of the new beginning; absent: as before. 0 is a seed like any other.
   */
  'seed'?: (number | string | Long) | undefined;
  /**
   * The configuration of the new beginning; absent: as before.
   */
  'config'?: (_google_protobuf_Struct | null) | undefined;
  '_seed'?: "seed" | undefined;
}

/**
 * Begin again at tick 0, in the same state. Key `orchestrator.control.reset`; allowed in RUNNING and PAUSED. Where the
 * worker type has no reset, Shoal restarts its process instead.
 */
export interface ResetCommandOutput {
  /**
   * The seed of the new beginning; absent: as before. 0 is a seed like any other.
   */
  'seed'?: (string) | undefined;
  /**
   * The configuration of the new beginning; absent: as before.
   */
  'config': (_google_protobuf_StructOutput | null);
  '_seed'?: "seed" | undefined;
}

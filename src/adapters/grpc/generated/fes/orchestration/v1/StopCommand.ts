// Original file: proto/fes/orchestration/v1/command.proto

import type { Duration as _google_protobuf_Duration, DurationOutput as _google_protobuf_DurationOutput } from '../../../google/protobuf/Duration.ts';

/**
 * End the run. Key `orchestrator.control.stop_worker`; allowed in any state that is not final.
 */
export interface StopCommand {
  /**
   * Whether to skip the command and the grace, and kill the worker's process group at once.
   */
  'force'?: (boolean) | undefined;
  /**
   * How long the worker may take to end by itself before it is signalled; absent: as its worker type says.
   */
  'grace'?: (_google_protobuf_Duration | null) | undefined;
}

/**
 * End the run. Key `orchestrator.control.stop_worker`; allowed in any state that is not final.
 */
export interface StopCommandOutput {
  /**
   * Whether to skip the command and the grace, and kill the worker's process group at once.
   */
  'force': (boolean);
  /**
   * How long the worker may take to end by itself before it is signalled; absent: as its worker type says.
   */
  'grace': (_google_protobuf_DurationOutput | null);
}

// Original file: proto/fes/orchestration/v1/command.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Advance a number of ticks and hold again. Key `orchestrator.control.step`; allowed in PAUSED.
 */
export interface StepCommand {
  /**
   * How many ticks to advance; 0 means 1. The acknowledgement comes after the last of them.
   */
  'ticks'?: (number | string | Long) | undefined;
}

/**
 * Advance a number of ticks and hold again. Key `orchestrator.control.step`; allowed in PAUSED.
 */
export interface StepCommandOutput {
  /**
   * How many ticks to advance; 0 means 1. The acknowledgement comes after the last of them.
   */
  'ticks': (string);
}

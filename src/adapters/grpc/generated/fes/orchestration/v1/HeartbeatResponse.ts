// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';

/**
 * What the worker should do.
 */
export interface HeartbeatResponse {
  /**
   * The state the worker should be in; where it differs from its own, a command was lost and it acts on this.
   */
  'desiredState'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * How long to wait until the next Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs'?: (number) | undefined;
}

/**
 * What the worker should do.
 */
export interface HeartbeatResponseOutput {
  /**
   * The state the worker should be in; where it differs from its own, a command was lost and it acts on this.
   */
  'desiredState': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * How long to wait until the next Heartbeat, in milliseconds.
   */
  'heartbeatIntervalMs': (number);
}

// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A sign of life and where the worker is.
 */
export interface HeartbeatRequest {
  /**
   * The id the worker was launched with.
   */
  'workerId'?: (string) | undefined;
  /**
   * The simulation it runs; empty for a warm worker that waits for an assignment.
   */
  'simulationId'?: (string) | undefined;
  /**
   * The tick it stands at, in ticks since the start or the last reset.
   */
  'tick'?: (number | string | Long) | undefined;
  /**
   * The state it is in by its own account.
   */
  'state'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * Measurements by name, such as `agents_alive`, in units of the worker's choosing; the last ones are kept.
   */
  'gauges'?: ({[key: string]: number | string}) | undefined;
}

/**
 * A sign of life and where the worker is.
 */
export interface HeartbeatRequestOutput {
  /**
   * The id the worker was launched with.
   */
  'workerId': (string);
  /**
   * The simulation it runs; empty for a warm worker that waits for an assignment.
   */
  'simulationId': (string);
  /**
   * The tick it stands at, in ticks since the start or the last reset.
   */
  'tick': (string);
  /**
   * The state it is in by its own account.
   */
  'state': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * Measurements by name, such as `agents_alive`, in units of the worker's choosing; the last ones are kept.
   */
  'gauges': ({[key: string]: number});
}

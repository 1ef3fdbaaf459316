// Original file: proto/fes/orchestration/v1/client_service.proto

import type { ControlSimulationResponse as _fes_orchestration_v1_ControlSimulationResponse, ControlSimulationResponseOutput as _fes_orchestration_v1_ControlSimulationResponseOutput } from '../../../fes/orchestration/v1/ControlSimulationResponse.ts';

/**
 * What became of the command for one simulation.
 */
export interface ControlResult {
  /**
   * Which simulation.
   */
  'simulationId'?: (string) | undefined;
  /**
   * The answer that ControlSimulation would have given. With a `code` that is not 0 it is absent, or, where the command was
   * not acknowledged in time, what is known of it.
   */
  'response'?: (_fes_orchestration_v1_ControlSimulationResponse | null) | undefined;
  /**
   * The status that ControlSimulation would have had, as a google.rpc.Code number; 0 is OK.
   */
  'code'?: (number) | undefined;
  /**
   * What went wrong, in a sentence for people; empty where `code` is 0.
   */
  'message'?: (string) | undefined;
}

/**
 * What became of the command for one simulation.
 */
export interface ControlResultOutput {
  /**
   * Which simulation.
   */
  'simulationId': (string);
  /**
   * The answer that ControlSimulation would have given. With a `code` that is not 0 it is absent, or, where the command was
   * not acknowledged in time, what is known of it.
   */
  'response': (_fes_orchestration_v1_ControlSimulationResponseOutput | null);
  /**
   * The status that ControlSimulation would have had, as a google.rpc.Code number; 0 is OK.
   */
  'code': (number);
  /**
   * What went wrong, in a sentence for people; empty where `code` is 0.
   */
  'message': (string);
}

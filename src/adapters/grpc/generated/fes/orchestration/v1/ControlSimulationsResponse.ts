// Original file: proto/fes/orchestration/v1/client_service.proto

import type { ControlResult as _fes_orchestration_v1_ControlResult, ControlResultOutput as _fes_orchestration_v1_ControlResultOutput } from '../../../fes/orchestration/v1/ControlResult.ts';

/**
 * One result for each simulation that was meant.
 */
export interface ControlSimulationsResponse {
  /**
   * The results, one for each simulation.
   */
  'results'?: (_fes_orchestration_v1_ControlResult)[] | undefined;
}

/**
 * One result for each simulation that was meant.
 */
export interface ControlSimulationsResponseOutput {
  /**
   * The results, one for each simulation.
   */
  'results': (_fes_orchestration_v1_ControlResultOutput)[];
}

// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * For RemoveSimulation.
 */
export interface RemoveSimulationRequest {
  /**
   * Which one; also one whose record was forgotten while events of it are still logged.
   */
  'simulationId'?: (string) | undefined;
}

/**
 * For RemoveSimulation.
 */
export interface RemoveSimulationRequestOutput {
  /**
   * Which one; also one whose record was forgotten while events of it are still logged.
   */
  'simulationId': (string);
}

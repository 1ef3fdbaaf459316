// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * Which simulation to look at.
 */
export interface GetSimulationStatusRequest {
  /**
   * The id of the simulation.
   */
  'simulationId'?: (string) | undefined;
}

/**
 * Which simulation to look at.
 */
export interface GetSimulationStatusRequestOutput {
  /**
   * The id of the simulation.
   */
  'simulationId': (string);
}

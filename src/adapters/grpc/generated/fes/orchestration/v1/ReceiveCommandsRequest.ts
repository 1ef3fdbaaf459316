// Original file: proto/fes/orchestration/v1/worker_service.proto


/**
 * Whose commands to receive.
 */
export interface ReceiveCommandsRequest {
  /**
   * The id the worker was launched with.
   */
  'workerId'?: (string) | undefined;
  /**
   * The simulation it was launched for; empty for a warm worker.
   */
  'simulationId'?: (string) | undefined;
}

/**
 * Whose commands to receive.
 */
export interface ReceiveCommandsRequestOutput {
  /**
   * The id the worker was launched with.
   */
  'workerId': (string);
  /**
   * The simulation it was launched for; empty for a warm worker.
   */
  'simulationId': (string);
}

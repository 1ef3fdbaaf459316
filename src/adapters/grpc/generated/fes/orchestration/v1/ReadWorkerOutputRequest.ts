// Original file: proto/fes/orchestration/v1/client_service.proto


/**
 * Whose output to read, and how much of it.
 */
export interface ReadWorkerOutputRequest {
  /**
   * The simulation whose workers are meant, of all its incarnations.
   */
  'simulationId'?: (string) | undefined;
  /**
   * How many of the last lines to begin with; 0 means 100. At most what the bounded buffer holds.
   */
  'tailLines'?: (number) | undefined;
  /**
   * Whether to go on with new lines until the simulation has ended.
   */
  'follow'?: (boolean) | undefined;
}

/**
 * Whose output to read, and how much of it.
 */
export interface ReadWorkerOutputRequestOutput {
  /**
   * The simulation whose workers are meant, of all its incarnations.
   */
  'simulationId': (string);
  /**
   * How many of the last lines to begin with; 0 means 100. At most what the bounded buffer holds.
   */
  'tailLines': (number);
  /**
   * Whether to go on with new lines until the simulation has ended.
   */
  'follow': (boolean);
}

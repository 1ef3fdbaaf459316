// Original file: proto/fes/orchestration/v1/worker_service.proto


/**
 * What a worker says of itself when it is ready.
 */
export interface RegisterWorkerRequest {
  /**
   * The id it was launched with: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'workerId'?: (string) | undefined;
  /**
   * The simulation it was launched for; empty for a warm worker that waits for an assignment.
   */
  'simulationId'?: (string) | undefined;
  /**
   * The library that it speaks through, as `name/version`; for people, may be empty.
   */
  'sdk'?: (string) | undefined;
  /**
   * The commands it understands, by their field names in ControlSimulationRequest; empty: what its worker type says.
   */
  'supportedCommands'?: (string)[] | undefined;
  /**
   * What the worker wants to be known by; no meaning to Shoal.
   */
  'labels'?: ({[key: string]: string}) | undefined;
  /**
   * Its process id on its own machine; 0: not told.
   */
  'pid'?: (number) | undefined;
}

/**
 * What a worker says of itself when it is ready.
 */
export interface RegisterWorkerRequestOutput {
  /**
   * The id it was launched with: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'workerId': (string);
  /**
   * The simulation it was launched for; empty for a warm worker that waits for an assignment.
   */
  'simulationId': (string);
  /**
   * The library that it speaks through, as `name/version`; for people, may be empty.
   */
  'sdk': (string);
  /**
   * The commands it understands, by their field names in ControlSimulationRequest; empty: what its worker type says.
   */
  'supportedCommands': (string)[];
  /**
   * What the worker wants to be known by; no meaning to Shoal.
   */
  'labels': ({[key: string]: string});
  /**
   * Its process id on its own machine; 0: not told.
   */
  'pid': (number);
}

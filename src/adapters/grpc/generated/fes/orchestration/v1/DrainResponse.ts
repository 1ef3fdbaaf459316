// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * Whether the orchestrator drains.
 */
export interface DrainResponse {
  /**
   * Whether it takes no new simulations.
   */
  'draining'?: (boolean) | undefined;
  /**
   * Ours: how many simulations are not over.
   */
  'remaining'?: (number) | undefined;
}

/**
 * Whether the orchestrator drains.
 */
export interface DrainResponseOutput {
  /**
   * Whether it takes no new simulations.
   */
  'draining': (boolean);
  /**
   * Ours: how many simulations are not over.
   */
  'remaining': (number);
}

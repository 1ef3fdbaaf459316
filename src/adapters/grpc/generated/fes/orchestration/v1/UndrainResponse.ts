// Original file: proto/fes/orchestration/v1/admin_service.proto


/**
 * Whether the orchestrator drains.
 */
export interface UndrainResponse {
  /**
   * Whether it takes no new simulations.
   */
  'draining'?: (boolean) | undefined;
}

/**
 * Whether the orchestrator drains.
 */
export interface UndrainResponseOutput {
  /**
   * Whether it takes no new simulations.
   */
  'draining': (boolean);
}

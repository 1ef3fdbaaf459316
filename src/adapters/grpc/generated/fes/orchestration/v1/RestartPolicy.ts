// Original file: proto/fes/orchestration/v1/simulation.proto

/**
 * When a simulation gets another worker after its worker has ended.
 */
export const RestartPolicy = {
  /**
   * As the worker type says.
   */
  RESTART_POLICY_UNSPECIFIED: 'RESTART_POLICY_UNSPECIFIED',
  /**
   * Its worker's end is its own end.
   */
  RESTART_POLICY_NEVER: 'RESTART_POLICY_NEVER',
  /**
   * After a failure: any end but exit 0 after registering.
   */
  RESTART_POLICY_ON_FAILURE: 'RESTART_POLICY_ON_FAILURE',
  /**
   * After any end that nobody asked for, also exit 0.
   */
  RESTART_POLICY_ALWAYS: 'RESTART_POLICY_ALWAYS',
} as const;

/**
 * When a simulation gets another worker after its worker has ended.
 */
export type RestartPolicy =
  /**
   * As the worker type says.
   */
  | 'RESTART_POLICY_UNSPECIFIED'
  | 0
  /**
   * Its worker's end is its own end.
   */
  | 'RESTART_POLICY_NEVER'
  | 1
  /**
   * After a failure: any end but exit 0 after registering.
   */
  | 'RESTART_POLICY_ON_FAILURE'
  | 2
  /**
   * After any end that nobody asked for, also exit 0.
   */
  | 'RESTART_POLICY_ALWAYS'
  | 3

/**
 * When a simulation gets another worker after its worker has ended.
 */
export type RestartPolicyOutput = typeof RestartPolicy[keyof typeof RestartPolicy]

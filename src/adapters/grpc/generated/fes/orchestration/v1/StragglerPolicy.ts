// Original file: proto/fes/orchestration/v1/client_service.proto

/**
 * What to do with those that have not acknowledged when others have.
 */
export const StragglerPolicy = {
  /**
   * Means WAIT.
   */
  STRAGGLER_POLICY_UNSPECIFIED: 'STRAGGLER_POLICY_UNSPECIFIED',
  /**
   * Answer when all acknowledged or timed out.
   */
  STRAGGLER_POLICY_WAIT: 'STRAGGLER_POLICY_WAIT',
  /**
   * Answer when `quorum` of them acknowledged.
   */
  STRAGGLER_POLICY_QUORUM: 'STRAGGLER_POLICY_QUORUM',
  /**
   * Answer at the timeout at the latest, with what there is.
   */
  STRAGGLER_POLICY_DEADLINE: 'STRAGGLER_POLICY_DEADLINE',
} as const;

/**
 * What to do with those that have not acknowledged when others have.
 */
export type StragglerPolicy =
  /**
   * Means WAIT.
   */
  | 'STRAGGLER_POLICY_UNSPECIFIED'
  | 0
  /**
   * Answer when all acknowledged or timed out.
   */
  | 'STRAGGLER_POLICY_WAIT'
  | 1
  /**
   * Answer when `quorum` of them acknowledged.
   */
  | 'STRAGGLER_POLICY_QUORUM'
  | 2
  /**
   * Answer at the timeout at the latest, with what there is.
   */
  | 'STRAGGLER_POLICY_DEADLINE'
  | 3

/**
 * What to do with those that have not acknowledged when others have.
 */
export type StragglerPolicyOutput = typeof StragglerPolicy[keyof typeof StragglerPolicy]

// Original file: proto/fes/orchestration/v1/simulation.proto

import type { RestartPolicy as _fes_orchestration_v1_RestartPolicy, RestartPolicyOutput as _fes_orchestration_v1_RestartPolicyOutput } from '../../../fes/orchestration/v1/RestartPolicy.ts';

/**
 * What one run says of restarts, in place of its worker type.
 */
export interface RestartOverride {
  /**
   * When it is restarted.
   */
  'policy'?: (_fes_orchestration_v1_RestartPolicy) | undefined;
  /**
   * How often within the `restart.window` of its worker type before it is FAILED, at most 100; absent: as the type says.
   */
  'maxRestarts'?: (number) | undefined;
  '_maxRestarts'?: "maxRestarts" | undefined;
}

/**
 * What one run says of restarts, in place of its worker type.
 */
export interface RestartOverrideOutput {
  /**
   * When it is restarted.
   */
  'policy': (_fes_orchestration_v1_RestartPolicyOutput);
  /**
   * How often within the `restart.window` of its worker type before it is FAILED, at most 100; absent: as the type says.
   */
  'maxRestarts'?: (number) | undefined;
  '_maxRestarts'?: "maxRestarts" | undefined;
}

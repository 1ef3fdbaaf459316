// Original file: proto/fes/orchestration/v1/client_service.proto

import type { ControlSimulationRequest as _fes_orchestration_v1_ControlSimulationRequest, ControlSimulationRequestOutput as _fes_orchestration_v1_ControlSimulationRequestOutput } from '../../../fes/orchestration/v1/ControlSimulationRequest.ts';
import type { StragglerPolicy as _fes_orchestration_v1_StragglerPolicy, StragglerPolicyOutput as _fes_orchestration_v1_StragglerPolicyOutput } from '../../../fes/orchestration/v1/StragglerPolicy.ts';

/**
 * One command to many simulations.
 */
export interface ControlSimulationsRequest {
  /**
   * Whom the command is for; together with `label_selector`: those in both.
   */
  'simulationIds'?: (string)[] | undefined;
  /**
   * Whom the command is for, by their labels.
   */
  'labelSelector'?: (string) | undefined;
  /**
   * The command and how to wait for it; its `simulation_id` is ignored.
   */
  'template'?: (_fes_orchestration_v1_ControlSimulationRequest | null) | undefined;
  /**
   * What to do with those that are late.
   */
  'straggler'?: (_fes_orchestration_v1_StragglerPolicy) | undefined;
  /**
   * How many acknowledgements are enough, a count of simulations; for QUORUM alone.
   */
  'quorum'?: (number) | undefined;
}

/**
 * One command to many simulations.
 */
export interface ControlSimulationsRequestOutput {
  /**
   * Whom the command is for; together with `label_selector`: those in both.
   */
  'simulationIds': (string)[];
  /**
   * Whom the command is for, by their labels.
   */
  'labelSelector': (string);
  /**
   * The command and how to wait for it; its `simulation_id` is ignored.
   */
  'template': (_fes_orchestration_v1_ControlSimulationRequestOutput | null);
  /**
   * What to do with those that are late.
   */
  'straggler': (_fes_orchestration_v1_StragglerPolicyOutput);
  /**
   * How many acknowledgements are enough, a count of simulations; for QUORUM alone.
   */
  'quorum': (number);
}

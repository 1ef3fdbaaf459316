// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Simulation as _fes_orchestration_v1_Simulation, SimulationOutput as _fes_orchestration_v1_SimulationOutput } from '../../../fes/orchestration/v1/Simulation.ts';

/**
 * The run as recorded.
 */
export interface StartSimulationResponse {
  /**
   * The run, PENDING or later.
   */
  'simulation'?: (_fes_orchestration_v1_Simulation | null) | undefined;
}

/**
 * The run as recorded.
 */
export interface StartSimulationResponseOutput {
  /**
   * The run, PENDING or later.
   */
  'simulation': (_fes_orchestration_v1_SimulationOutput | null);
}

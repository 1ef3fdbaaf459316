// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Simulation as _fes_orchestration_v1_Simulation, SimulationOutput as _fes_orchestration_v1_SimulationOutput } from '../../../fes/orchestration/v1/Simulation.ts';

/**
 * Where the simulation is.
 */
export interface GetSimulationStatusResponse {
  /**
   * The simulation as of now.
   */
  'simulation'?: (_fes_orchestration_v1_Simulation | null) | undefined;
}

/**
 * Where the simulation is.
 */
export interface GetSimulationStatusResponseOutput {
  /**
   * The simulation as of now.
   */
  'simulation': (_fes_orchestration_v1_SimulationOutput | null);
}

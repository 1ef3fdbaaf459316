// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Simulation as _fes_orchestration_v1_Simulation, SimulationOutput as _fes_orchestration_v1_SimulationOutput } from '../../../fes/orchestration/v1/Simulation.ts';

/**
 * One page of simulations.
 */
export interface ListSimulationsResponse {
  /**
   * The simulations by `created_at`, newest first.
   */
  'simulations'?: (_fes_orchestration_v1_Simulation)[] | undefined;
  /**
   * What to ask the next page with; empty: this was the last one.
   */
  'nextPageToken'?: (string) | undefined;
}

/**
 * One page of simulations.
 */
export interface ListSimulationsResponseOutput {
  /**
   * The simulations by `created_at`, newest first.
   */
  'simulations': (_fes_orchestration_v1_SimulationOutput)[];
  /**
   * What to ask the next page with; empty: this was the last one.
   */
  'nextPageToken': (string);
}

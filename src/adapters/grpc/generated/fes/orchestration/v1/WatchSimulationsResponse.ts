// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Simulation as _fes_orchestration_v1_Simulation, SimulationOutput as _fes_orchestration_v1_SimulationOutput } from '../../../fes/orchestration/v1/Simulation.ts';

/**
 * One simulation as it is, or a mark in the stream.
 */
export interface WatchSimulationsResponse {
  /**
   * The simulation; absent where `synced` is set.
   */
  'simulation'?: (_fes_orchestration_v1_Simulation | null) | undefined;
  /**
   * Whether this is one of the present ones, not a change.
   */
  'initial'?: (boolean) | undefined;
  /**
   * Whether the present ones are all sent; comes once, without a simulation.
   */
  'synced'?: (boolean) | undefined;
  /**
   * Whether the simulation's record was removed; `simulation` is its last state.
   */
  'deleted'?: (boolean) | undefined;
}

/**
 * One simulation as it is, or a mark in the stream.
 */
export interface WatchSimulationsResponseOutput {
  /**
   * The simulation; absent where `synced` is set.
   */
  'simulation': (_fes_orchestration_v1_SimulationOutput | null);
  /**
   * Whether this is one of the present ones, not a change.
   */
  'initial': (boolean);
  /**
   * Whether the present ones are all sent; comes once, without a simulation.
   */
  'synced': (boolean);
  /**
   * Whether the simulation's record was removed; `simulation` is its last state.
   */
  'deleted': (boolean);
}

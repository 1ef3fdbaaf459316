// Original file: proto/fes/orchestration/v1/simulation.proto

/**
 * Where a simulation is in its life. COMPLETED, FAILED and STOPPED are final.
 */
export const SimulationState = {
  /**
   * Not known, or in a filter not given.
   */
  SIMULATION_STATE_UNSPECIFIED: 'SIMULATION_STATE_UNSPECIFIED',
  /**
   * Durably recorded; no worker launched yet.
   */
  SIMULATION_STATE_PENDING: 'SIMULATION_STATE_PENDING',
  /**
   * The worker's process is launched and has not registered yet.
   */
  SIMULATION_STATE_STARTING: 'SIMULATION_STATE_STARTING',
  /**
   * The worker is registered and advances.
   */
  SIMULATION_STATE_RUNNING: 'SIMULATION_STATE_RUNNING',
  /**
   * The worker is registered and holds between two ticks.
   */
  SIMULATION_STATE_PAUSED: 'SIMULATION_STATE_PAUSED',
  /**
   * Asked to end; its worker has not exited yet.
   */
  SIMULATION_STATE_STOPPING: 'SIMULATION_STATE_STOPPING',
  /**
   * Final: the worker exited with 0 after it had registered.
   */
  SIMULATION_STATE_COMPLETED: 'SIMULATION_STATE_COMPLETED',
  /**
   * Final: crashed, exited before registering, did not register in time, or out of restarts.
   */
  SIMULATION_STATE_FAILED: 'SIMULATION_STATE_FAILED',
  /**
   * Final: ended because it was asked to, or because `max_run_time` was over.
   */
  SIMULATION_STATE_STOPPED: 'SIMULATION_STATE_STOPPED',
  /**
   * The worker ended and a new incarnation will be launched under the restart policy.
   */
  SIMULATION_STATE_RESTARTING: 'SIMULATION_STATE_RESTARTING',
  /**
   * The owning orchestrator is gone and nobody can say; may become any other state.
   */
  SIMULATION_STATE_LOST: 'SIMULATION_STATE_LOST',
} as const;

/**
 * Where a simulation is in its life. COMPLETED, FAILED and STOPPED are final.
 */
export type SimulationState =
  /**
   * Not known, or in a filter not given.
   */
  | 'SIMULATION_STATE_UNSPECIFIED'
  | 0
  /**
   * Durably recorded; no worker launched yet.
   */
  | 'SIMULATION_STATE_PENDING'
  | 1
  /**
   * The worker's process is launched and has not registered yet.
   */
  | 'SIMULATION_STATE_STARTING'
  | 2
  /**
   * The worker is registered and advances.
   */
  | 'SIMULATION_STATE_RUNNING'
  | 3
  /**
   * The worker is registered and holds between two ticks.
   */
  | 'SIMULATION_STATE_PAUSED'
  | 4
  /**
   * Asked to end; its worker has not exited yet.
   */
  | 'SIMULATION_STATE_STOPPING'
  | 5
  /**
   * Final: the worker exited with 0 after it had registered.
   */
  | 'SIMULATION_STATE_COMPLETED'
  | 6
  /**
   * Final: crashed, exited before registering, did not register in time, or out of restarts.
   */
  | 'SIMULATION_STATE_FAILED'
  | 7
  /**
   * Final: ended because it was asked to, or because `max_run_time` was over.
   */
  | 'SIMULATION_STATE_STOPPED'
  | 8
  /**
   * The worker ended and a new incarnation will be launched under the restart policy.
   */
  | 'SIMULATION_STATE_RESTARTING'
  | 9
  /**
   * The owning orchestrator is gone and nobody can say; may become any other state.
   */
  | 'SIMULATION_STATE_LOST'
  | 10

/**
 * Where a simulation is in its life. COMPLETED, FAILED and STOPPED are final.
 */
export type SimulationStateOutput = typeof SimulationState[keyof typeof SimulationState]

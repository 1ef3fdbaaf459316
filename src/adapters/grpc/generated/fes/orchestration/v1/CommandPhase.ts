// Original file: proto/fes/orchestration/v1/command.proto

/**
 * How far a command has come.
 */
export const CommandPhase = {
  /**
   * Not known.
   */
  COMMAND_PHASE_UNSPECIFIED: 'COMMAND_PHASE_UNSPECIFIED',
  /**
   * Checked and taken on by Shoal; on its way to the worker.
   */
  COMMAND_PHASE_ACCEPTED: 'COMMAND_PHASE_ACCEPTED',
  /**
   * Handed to the worker's transport; no acknowledgement yet.
   */
  COMMAND_PHASE_DELIVERED: 'COMMAND_PHASE_DELIVERED',
  /**
   * Acknowledged by the worker as done; or delivered, where the worker type cannot acknowledge.
   */
  COMMAND_PHASE_APPLIED: 'COMMAND_PHASE_APPLIED',
  /**
   * Acknowledged by the worker as not done.
   */
  COMMAND_PHASE_REFUSED: 'COMMAND_PHASE_REFUSED',
} as const;

/**
 * How far a command has come.
 */
export type CommandPhase =
  /**
   * Not known.
   */
  | 'COMMAND_PHASE_UNSPECIFIED'
  | 0
  /**
   * Checked and taken on by Shoal; on its way to the worker.
   */
  | 'COMMAND_PHASE_ACCEPTED'
  | 1
  /**
   * Handed to the worker's transport; no acknowledgement yet.
   */
  | 'COMMAND_PHASE_DELIVERED'
  | 2
  /**
   * Acknowledged by the worker as done; or delivered, where the worker type cannot acknowledge.
   */
  | 'COMMAND_PHASE_APPLIED'
  | 3
  /**
   * Acknowledged by the worker as not done.
   */
  | 'COMMAND_PHASE_REFUSED'
  | 4

/**
 * How far a command has come.
 */
export type CommandPhaseOutput = typeof CommandPhase[keyof typeof CommandPhase]

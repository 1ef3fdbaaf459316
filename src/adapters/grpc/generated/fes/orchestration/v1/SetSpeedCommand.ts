// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Set the pace of the run. Key `orchestrator.control.set_speed`; allowed in RUNNING and PAUSED.
 */
export interface SetSpeedCommand {
  /**
   * The pace in ticks per second of wall time; 0 means as fast as the worker can.
   */
  'ticksPerSecond'?: (number | string) | undefined;
}

/**
 * Set the pace of the run. Key `orchestrator.control.set_speed`; allowed in RUNNING and PAUSED.
 */
export interface SetSpeedCommandOutput {
  /**
   * The pace in ticks per second of wall time; 0 means as fast as the worker can.
   */
  'ticksPerSecond': (number);
}

// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Put a new agent into the run. Key `orchestrator.control.inject_agent`; allowed in RUNNING and PAUSED.
 */
export interface InjectAgentCommand {
  /**
   * What the agent is to be, opaque to Shoal.
   */
  'payload'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the payload, as a media type.
   */
  'contentType'?: (string) | undefined;
}

/**
 * Put a new agent into the run. Key `orchestrator.control.inject_agent`; allowed in RUNNING and PAUSED.
 */
export interface InjectAgentCommandOutput {
  /**
   * What the agent is to be, opaque to Shoal.
   */
  'payload': (Buffer);
  /**
   * How to read the payload, as a media type.
   */
  'contentType': (string);
}

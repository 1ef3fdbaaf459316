// Original file: proto/fes/orchestration/v1/command.proto


/**
 * Do something as one agent. Key `orchestrator.ai.action`; allowed in RUNNING and PAUSED.
 */
export interface AgentActionCommand {
  /**
   * The agent that acts: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'agentId'?: (string) | undefined;
  /**
   * The action, opaque to Shoal, for example a `fes.simulation.agent.AgentAction`.
   */
  'action'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the action, as a media type.
   */
  'contentType'?: (string) | undefined;
}

/**
 * Do something as one agent. Key `orchestrator.ai.action`; allowed in RUNNING and PAUSED.
 */
export interface AgentActionCommandOutput {
  /**
   * The agent that acts: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'agentId': (string);
  /**
   * The action, opaque to Shoal, for example a `fes.simulation.agent.AgentAction`.
   */
  'action': (Buffer);
  /**
   * How to read the action, as a media type.
   */
  'contentType': (string);
}

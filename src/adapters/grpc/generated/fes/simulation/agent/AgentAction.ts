// Original file: proto/fes/simulation/agent/agent.proto


/**
 * What an agent wants to do next. Event key `ai.agent_action.v1`; the agent is named by the NATS subject.
 */
export interface AgentAction {
  /**
   * How far to move along the heading, in world units; the simulation may limit it.
   */
  'moveDelta'?: (number | string) | undefined;
  /**
   * How far to turn before moving, in degrees; the simulation may limit it.
   */
  'turnDeltaDegrees'?: (number | string) | undefined;
  /**
   * Whether to eat what is in reach.
   */
  'attemptEat'?: (boolean) | undefined;
}

/**
 * What an agent wants to do next. Event key `ai.agent_action.v1`; the agent is named by the NATS subject.
 */
export interface AgentActionOutput {
  /**
   * How far to move along the heading, in world units; the simulation may limit it.
   */
  'moveDelta': (number);
  /**
   * How far to turn before moving, in degrees; the simulation may limit it.
   */
  'turnDeltaDegrees': (number);
  /**
   * Whether to eat what is in reach.
   */
  'attemptEat': (boolean);
}

// Original file: proto/fes/simulation/agent/agent.proto

import type { Long } from '@grpc/proto-loader';

/**
 * What an agent earned in one tick. Event key `sim.agent_reward.v1`; the agent is named by attribute `agent_id`.
 */
export interface AgentReward {
  /**
   * The reward of this tick, without unit.
   */
  'reward'?: (number | string) | undefined;
  /**
   * Whether this was the agent's last tick.
   */
  'done'?: (boolean) | undefined;
  /**
   * The tick that earned it, counted from the start or the last reset of the simulation.
   */
  'tick'?: (number | string | Long) | undefined;
}

/**
 * What an agent earned in one tick. Event key `sim.agent_reward.v1`; the agent is named by attribute `agent_id`.
 */
export interface AgentRewardOutput {
  /**
   * The reward of this tick, without unit.
   */
  'reward': (number);
  /**
   * Whether this was the agent's last tick.
   */
  'done': (boolean);
  /**
   * The tick that earned it, counted from the start or the last reset of the simulation.
   */
  'tick': (string);
}

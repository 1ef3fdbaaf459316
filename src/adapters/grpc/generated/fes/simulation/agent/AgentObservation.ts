// Original file: proto/fes/simulation/agent/agent.proto

import type { Percept as _fes_simulation_agent_Percept, PerceptOutput as _fes_simulation_agent_PerceptOutput } from '../../../fes/simulation/agent/Percept.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What an agent senses in one tick. Event key `sim.agent_observation.v1`; the agent is named by attribute `agent_id`.
 */
export interface AgentObservation {
  /**
   * Energy left, in the simulation's energy units; at 0 the agent dies.
   */
  'currentEnergy'?: (number | string) | undefined;
  /**
   * How long the agent has lived, in ticks.
   */
  'currentAgeTicks'?: (number | string | Long) | undefined;
  /**
   * Where the agent is along the x axis, in world units from the world's origin.
   */
  'posX'?: (number | string) | undefined;
  /**
   * Where the agent is along the y axis, in world units from the world's origin.
   */
  'posY'?: (number | string) | undefined;
  /**
   * Where the agent heads, in degrees.
   */
  'orientationDegrees'?: (number | string) | undefined;
  /**
   * Everything within sight, in no promised order.
   */
  'percepts'?: (_fes_simulation_agent_Percept)[] | undefined;
  /**
   * The reward of the tick before, without unit, so that a learner needs only this stream.
   */
  'lastReward'?: (number | string) | undefined;
}

/**
 * What an agent senses in one tick. Event key `sim.agent_observation.v1`; the agent is named by attribute `agent_id`.
 */
export interface AgentObservationOutput {
  /**
   * Energy left, in the simulation's energy units; at 0 the agent dies.
   */
  'currentEnergy': (number);
  /**
   * How long the agent has lived, in ticks.
   */
  'currentAgeTicks': (string);
  /**
   * Where the agent is along the x axis, in world units from the world's origin.
   */
  'posX': (number);
  /**
   * Where the agent is along the y axis, in world units from the world's origin.
   */
  'posY': (number);
  /**
   * Where the agent heads, in degrees.
   */
  'orientationDegrees': (number);
  /**
   * Everything within sight, in no promised order.
   */
  'percepts': (_fes_simulation_agent_PerceptOutput)[];
  /**
   * The reward of the tick before, without unit, so that a learner needs only this stream.
   */
  'lastReward': (number);
}

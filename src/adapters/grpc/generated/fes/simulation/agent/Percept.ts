// Original file: proto/fes/simulation/agent/agent.proto

import type { EntityType as _fes_simulation_agent_EntityType, EntityTypeOutput as _fes_simulation_agent_EntityTypeOutput } from '../../../fes/simulation/agent/EntityType.ts';

/**
 * One thing that an agent perceives, at a place relative to the agent.
 */
export interface Percept {
  /**
   * What kind of thing it is.
   */
  'entityType'?: (_fes_simulation_agent_EntityType) | undefined;
  /**
   * The id of the thing within its simulation; empty where it has none, as with walls.
   */
  'entityId'?: (string) | undefined;
  /**
   * Where it is along the x axis, in world units from the agent.
   */
  'relativePosX'?: (number | string) | undefined;
  /**
   * Where it is along the y axis, in world units from the agent.
   */
  'relativePosY'?: (number | string) | undefined;
}

/**
 * One thing that an agent perceives, at a place relative to the agent.
 */
export interface PerceptOutput {
  /**
   * What kind of thing it is.
   */
  'entityType': (_fes_simulation_agent_EntityTypeOutput);
  /**
   * The id of the thing within its simulation; empty where it has none, as with walls.
   */
  'entityId': (string);
  /**
   * Where it is along the x axis, in world units from the agent.
   */
  'relativePosX': (number);
  /**
   * Where it is along the y axis, in world units from the agent.
   */
  'relativePosY': (number);
}

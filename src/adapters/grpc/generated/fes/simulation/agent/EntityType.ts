// Original file: proto/fes/simulation/agent/agent.proto

/**
 * What an agent can perceive.
 */
export const EntityType = {
  /**
   * Not known to the sender.
   */
  ENTITY_TYPE_UNSPECIFIED: 'ENTITY_TYPE_UNSPECIFIED',
  /**
   * A pellet of food.
   */
  ENTITY_TYPE_FOOD: 'ENTITY_TYPE_FOOD',
  /**
   * Another agent.
   */
  ENTITY_TYPE_AGENT: 'ENTITY_TYPE_AGENT',
  /**
   * A wall, or any other obstacle that does not move.
   */
  ENTITY_TYPE_WALL_OBSTACLE: 'ENTITY_TYPE_WALL_OBSTACLE',
} as const;

/**
 * What an agent can perceive.
 */
export type EntityType =
  /**
   * Not known to the sender.
   */
  | 'ENTITY_TYPE_UNSPECIFIED'
  | 0
  /**
   * A pellet of food.
   */
  | 'ENTITY_TYPE_FOOD'
  | 1
  /**
   * Another agent.
   */
  | 'ENTITY_TYPE_AGENT'
  | 2
  /**
   * A wall, or any other obstacle that does not move.
   */
  | 'ENTITY_TYPE_WALL_OBSTACLE'
  | 3

/**
 * What an agent can perceive.
 */
export type EntityTypeOutput = typeof EntityType[keyof typeof EntityType]

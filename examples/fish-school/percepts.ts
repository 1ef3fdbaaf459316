import { type Fish, nature } from './fish.ts';
import { length, type Point } from './ocean.ts';
import type { World } from './world.ts';

/** Something that a fish sees; the fields of the `Percept` message. */
export interface Percept {
  readonly entityType: 'ENTITY_TYPE_FOOD' | 'ENTITY_TYPE_AGENT';
  readonly entityId: string;
  readonly relativePosX: number;
  readonly relativePosY: number;
}

/** A fish cannot attend to more than this at once. */
const maxPercepts = 8;

/** What a fish sees, nearest first. */
export function percepts(fish: Fish, world: World): Percept[] {
  const seen: { distance: number; percept: Percept }[] = [];
  const look = (entityType: Percept['entityType'], entityId: string, pos: Point) => {
    const way = world.ocean.way(fish.pos, pos);
    const distance = length(way);
    if (distance > nature.visionM) return;
    seen.push({ distance, percept: { entityType, entityId, relativePosX: way.x, relativePosY: way.y } });
  };
  for (const { id, pos } of world.food) look('ENTITY_TYPE_FOOD', id, pos);
  for (const { id, pos } of world.fish) if (id !== fish.id) look('ENTITY_TYPE_AGENT', id, pos);
  return seen
    .sort((a, b) => a.distance - b.distance)
    .slice(0, maxPercepts)
    .map(({ percept }) => percept);
}

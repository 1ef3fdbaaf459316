import { type Action, type Fish, nature, type Pellet } from './fish.ts';
import { length, type Ocean, type Point } from './ocean.ts';

/**
 * How a fish swims when no agent steers it: with its neighbours (Reynolds' boids: together, aligned, not too close),
 * and towards the nearest food it sees, the more so the hungrier it is.
 */
export function instinct(fish: Fish, school: readonly Fish[], food: readonly Pellet[], ocean: Ocean): Action {
  let together: Point = { x: 0, y: 0 };
  let apart: Point = { x: 0, y: 0 };
  let aligned: Point = { x: Math.cos(fish.heading), y: Math.sin(fish.heading) };
  let neighbours = 0;
  for (const other of school) {
    if (other.id === fish.id) continue;
    const way = ocean.way(fish.pos, other.pos);
    const distance = length(way);
    if (distance > nature.visionM) continue;
    neighbours++;
    together = add(together, way, 1);
    aligned = add(aligned, { x: Math.cos(other.heading), y: Math.sin(other.heading) }, 1);
    if (distance < nature.personalSpaceM && distance > 0) apart = add(apart, way, -1 / distance);
  }
  let wish = add({ x: 0, y: 0 }, aligned, 1 / (neighbours + 1));
  if (neighbours > 0) wish = add(wish, together, 0.05 / neighbours);
  wish = add(wish, apart, 1.5);
  const meal = nearest(fish, food, ocean);
  const hunger = Math.max(0, 1 - fish.energy / nature.breedingEnergy);
  if (meal !== undefined) wish = add(wish, meal, (2 * hunger + 0.3) / Math.max(length(meal), 0.1));
  const turn = degrees(Math.atan2(wish.y, wish.x) - fish.heading);
  const moveDelta = meal === undefined ? nature.cruiseM : nature.cruiseM + (nature.maxMoveM - nature.cruiseM) * hunger;
  return { moveDelta, turnDeltaDegrees: turn, attemptEat: true };
}

/** The way to the nearest pellet in sight. */
function nearest(fish: Fish, food: readonly Pellet[], ocean: Ocean): Point | undefined {
  let best: Point | undefined;
  let bestDistance: number = nature.visionM;
  for (const pellet of food) {
    const way = ocean.way(fish.pos, pellet.pos);
    const distance = length(way);
    if (distance > bestDistance) continue;
    best = way;
    bestDistance = distance;
  }
  return best;
}

/** Of an angle in radians, between -180 and 180. */
function degrees(angle: number): number {
  const turn = (angle * 180) / Math.PI;
  return turn - 360 * Math.round(turn / 360);
}

function add(to: Point, what: Point, times: number): Point {
  return { x: to.x + what.x * times, y: to.y + what.y * times };
}

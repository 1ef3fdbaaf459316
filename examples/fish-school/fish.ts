import type { Point } from './ocean.ts';

export interface Fish {
  readonly id: string;
  readonly pos: Point;
  /** Radians; 0 looks along x, growing counter-clockwise. */
  readonly heading: number;
  /** Joules, of a sort: food gives it, swimming and living take it. */
  readonly energy: number;
  readonly ageTicks: number;
  /** The age at which it dies of old age. */
  readonly lifespanTicks: number;
  /** The change of its energy in the last tick. */
  readonly lastReward: number;
}

export interface Pellet {
  readonly id: string;
  readonly pos: Point;
}

/** What a fish does in one tick, by itself or because an agent said so. */
export interface Action {
  /** Metres forward; bounded by {@link nature}. */
  readonly moveDelta: number;
  /** Counter-clockwise. */
  readonly turnDeltaDegrees: number;
  readonly attemptEat: boolean;
}

/** The constants of this ocean's biology. */
export const nature = {
  visionM: 12,
  personalSpaceM: 2,
  biteM: 1.5,
  maxMoveM: 1.2,
  cruiseM: 0.6,
  maxTurnDegrees: 40,
  pelletEnergy: 30,
  newbornEnergy: 60,
  /** Above it a fish gives half of its energy to an offspring. */
  breedingEnergy: 140,
  livingCost: 0.15,
  costPerMetre: 0.25,
  minLifespanTicks: 1_200,
  maxLifespanTicks: 4_000,
  /** How many pellets grow back each tick, for each that there can be. */
  foodGrowth: 0.0125,
} as const;

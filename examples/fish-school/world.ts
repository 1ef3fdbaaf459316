import { type Action, type Fish, nature, type Pellet } from './fish.ts';
import { length, Ocean, type Point } from './ocean.ts';
import { Random } from './random.ts';
import type { SchoolConfig } from './school-config.ts';
import { instinct } from './steering.ts';

/** What happened in one tick beside everybody's moving on. */
export interface TickOutcome {
  readonly spawned: readonly Spawned[];
  readonly died: readonly Died[];
}

export interface Spawned {
  readonly fish: Fish;
  /** Absent: it swam in, or was put there. */
  readonly parentId?: string;
}

export interface Died {
  readonly fish: Fish;
  readonly cause: 'starvation' | 'old_age';
}

/** Where the energy of this world came from and went, so that nothing is made of nothing. */
export interface EnergyLedger {
  /** At tick 0, in fish and food. */
  initial: number;
  /** By food that grew and fish that swam in or were put there. */
  added: number;
  /** By living and swimming. */
  spent: number;
  /** Left in those that died. */
  lost: number;
}

/**
 * A school of fish in an ocean with food: the pure simulation.
 *
 * The same configuration, seed and calls give the same fish, to the last bit on one version of Node. It knows no clock,
 * no events and no Shoal.
 */
export class World {
  readonly ocean: Ocean;
  readonly ledger: EnergyLedger = { initial: 0, added: 0, spent: 0, lost: 0 };
  readonly #config: SchoolConfig;
  readonly #random: Random;
  #tick = 0;
  #fish: Fish[] = [];
  #food: Pellet[] = [];
  #fishBorn = 0;
  #pelletsGrown = 0;
  #actions = new Map<string, Action>();

  constructor(config: SchoolConfig, seed: bigint) {
    this.#config = config;
    this.#random = new Random(seed);
    this.ocean = new Ocean(config.width, config.height);
    for (let i = 0; i < config.fish; i++) this.#fish.push(this.#newFish(this.#anywhere(), nature.newbornEnergy));
    for (let i = 0; i < config.food; i++) this.#food.push(this.#newPellet());
    this.ledger.initial = this.energy();
  }

  get tick(): number {
    return this.#tick;
  }

  /** In the order they were born. */
  get fish(): readonly Fish[] {
    return this.#fish;
  }

  get food(): readonly Pellet[] {
    return this.#food;
  }

  /** All there is, in fish and food. */
  energy(): number {
    return this.#fish.reduce((sum, fish) => sum + fish.energy, 0) + this.#food.length * nature.pelletEnergy;
  }

  /** In the next tick this fish does that instead of what it would; the last one given counts. False: no such fish. */
  direct(fishId: string, action: Action): boolean {
    if (!this.#fish.some(({ id }) => id === fishId)) return false;
    this.#actions.set(fishId, action);
    return true;
  }

  /** Puts a fish there at once; without a place, anywhere. */
  inject(pos?: Point): Fish {
    const fish = this.#newFish(pos === undefined ? this.#anywhere() : this.ocean.wrap(pos), nature.newbornEnergy);
    this.#fish.push(fish);
    this.ledger.added += fish.energy;
    return fish;
  }

  /** One tick: everybody swims and eats, some breed, some die, some food grows. */
  step(): TickOutcome {
    this.#tick++;
    // All decide on the same picture, so that the order of the fish gives no advantage; food goes to the first that bites.
    const decided = this.#fish.map((fish) => this.#actions.get(fish.id) ?? this.#instinct(fish));
    this.#actions.clear();
    const swum = this.#fish.map((fish, i) => this.#act(fish, decided[i] as Action));
    const spawned: Spawned[] = [];
    const died: Died[] = [];
    const next: Fish[] = [];
    for (const fish of swum) {
      const cause = fish.energy <= 0 ? 'starvation' : fish.ageTicks >= fish.lifespanTicks ? 'old_age' : undefined;
      if (cause !== undefined) {
        died.push({ fish, cause });
        this.ledger.lost += fish.energy;
      } else next.push(fish);
    }
    for (const [i, fish] of [...next.entries()]) {
      if (fish.energy < nature.breedingEnergy || next.length >= this.#config.max_fish) continue;
      next[i] = { ...fish, energy: fish.energy / 2 };
      const child = this.#newFish(fish.pos, fish.energy / 2);
      next.push(child);
      spawned.push({ fish: child, parentId: fish.id });
    }
    this.#fish = next;
    if (this.#fish.length === 0 && this.#config.fish > 0) spawned.push({ fish: this.inject() });
    this.#growFood();
    return { spawned, died };
  }

  #instinct(fish: Fish): Action {
    return instinct(fish, this.#fish, this.#food, this.ocean);
  }

  #act(fish: Fish, action: Action): Fish {
    const turn = clamp(action.turnDeltaDegrees, -nature.maxTurnDegrees, nature.maxTurnDegrees);
    const move = clamp(action.moveDelta, 0, nature.maxMoveM);
    const heading = (fish.heading + (turn * Math.PI) / 180) % (2 * Math.PI);
    const pos = this.ocean.wrap({ x: fish.pos.x + Math.cos(heading) * move, y: fish.pos.y + Math.sin(heading) * move });
    const cost = nature.livingCost + nature.costPerMetre * move;
    const eaten = action.attemptEat && this.#bite(pos) ? nature.pelletEnergy : 0;
    this.ledger.spent += cost;
    const energy = fish.energy + eaten - cost;
    return { ...fish, pos, heading, energy, ageTicks: fish.ageTicks + 1, lastReward: eaten - cost };
  }

  #bite(pos: Point): boolean {
    const at = this.#food.findIndex((pellet) => length(this.ocean.way(pos, pellet.pos)) <= nature.biteM);
    if (at === -1) return false;
    this.#food.splice(at, 1);
    return true;
  }

  #growFood(): void {
    const expected = this.#config.food * nature.foodGrowth;
    const grown = Math.floor(expected + this.#random.next());
    for (let i = 0; i < grown && this.#food.length < this.#config.food; i++) {
      this.#food.push(this.#newPellet());
      this.ledger.added += nature.pelletEnergy;
    }
  }

  #newFish(pos: Point, energy: number): Fish {
    this.#fishBorn++;
    return {
      id: `fish-${padded(this.#fishBorn)}`,
      pos,
      heading: this.#random.between(-Math.PI, Math.PI),
      energy,
      ageTicks: 0,
      lifespanTicks: Math.floor(this.#random.between(nature.minLifespanTicks, nature.maxLifespanTicks)),
      lastReward: 0,
    };
  }

  #newPellet(): Pellet {
    this.#pelletsGrown++;
    return { id: `food-${padded(this.#pelletsGrown)}`, pos: this.#anywhere() };
  }

  #anywhere(): Point {
    return { x: this.#random.between(0, this.ocean.width), y: this.#random.between(0, this.ocean.height) };
  }
}

function padded(count: number): string {
  return String(count).padStart(6, '0');
}

/** NaN becomes the lower bound: an agent may send anything. */
function clamp(value: number, low: number, high: number): number {
  return value >= low ? Math.min(value, high) : low;
}

import { Dice } from '../../support/fakes/dice.ts';
import type { Character } from '../worker/character.ts';
import { drawCharacter } from './draw-character.ts';
import { drawFault } from './draw-fault.ts';
import type { Adapter, Fault } from './fault.ts';

export interface PlanOptions {
  readonly seed: number;
  readonly rounds: number;
  readonly adapter: Adapter;
}

export interface TimedFault {
  /** From the begin of the round. */
  readonly atMs: number;
  readonly fault: Fault;
}

export interface PlannedCommand {
  readonly atMs: number;
  /** Chooses among the simulations that run or are paused. */
  readonly pick: number;
  readonly name: 'pause' | 'resume' | 'step' | 'reset' | 'note' | 'stop';
}

export interface Round {
  readonly faults: readonly TimedFault[];
  readonly commands: readonly PlannedCommand[];
}

export interface PlannedSimulation {
  readonly workerType: string;
  readonly character: Omit<Character, 'journals'>;
}

const COMMANDS = ['pause', 'resume', 'resume', 'step', 'reset', 'note', 'note', 'note', 'stop'] as const;
const WORKER_TYPES = ['ends', 'ends-and-restarts', 'adopted', 'adopted-and-restarts', 'fragile'] as const;
const FAULTS_BEGIN_MS = 700;

/**
 * What is done in which round, and what simulations there are: the same for the same options. What the faults meet is
 * as the processes happen to stand; so a seed plays the same plan again, and often, not always, to the same effect.
 */
export class ChaosPlan {
  readonly rounds: readonly Round[];
  readonly #simulations: Dice;

  constructor({ seed, rounds, adapter }: PlanOptions) {
    this.#simulations = new Dice(seed + 1);
    const dice = new Dice(seed);
    this.rounds = Array.from({ length: rounds }, () => drawRound(dice, adapter));
  }

  /** The next one to start. */
  simulation(): PlannedSimulation {
    const dice = this.#simulations;
    return { workerType: dice.pick(WORKER_TYPES), character: drawCharacter(dice) };
  }
}

function drawRound(dice: Dice, adapter: Adapter): Round {
  const faults = Array.from({ length: dice.chance(0.3) ? 2 : 1 }, () => ({
    atMs: dice.upTo(FAULTS_BEGIN_MS),
    fault: drawFault(dice, adapter),
  }));
  const commands = Array.from({ length: 3 }, () => ({
    atMs: dice.upTo(FAULTS_BEGIN_MS),
    pick: dice.next(),
    name: dice.pick(COMMANDS),
  }));
  return { faults, commands };
}

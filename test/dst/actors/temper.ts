import type { Dice } from '../../support/fakes/dice.ts';

export type Fate =
  | 'completes'
  | 'goes on'
  | 'crashes'
  | 'exits at once'
  | 'cannot go on'
  | 'never registers'
  | 'is stopped by SIGSTOP'
  | 'spins'
  | 'stalls';

/** What one worker process is like. */
export interface Temper {
  readonly fate: Fate;
  /** At which tick its fate comes. */
  readonly fateTick: number;
  readonly startupMs: number;
  readonly tickMs: number;
  readonly eventsPerTick: number;
  readonly beats: boolean;
  /** Ignores the stop command and SIGTERM. */
  readonly isDeaf: boolean;
  /** Reports events that Shoal has to refuse, among the others. */
  readonly lies: boolean;
}

const TROUBLES: readonly Fate[] = [
  'crashes',
  'crashes',
  'exits at once',
  'cannot go on',
  'never registers',
  'is stopped by SIGSTOP',
  'spins',
  'stalls',
];

/** @param trouble how likely it is that a worker does not do as it should */
export function throwTemper(dice: Dice, trouble: number): Temper {
  const fate = dice.chance(trouble) ? dice.pick(TROUBLES) : dice.pick<Fate>(['completes', 'goes on', 'goes on']);
  return {
    fate,
    fateTick: 1 + dice.upTo(25),
    startupMs: dice.upTo(200),
    tickMs: 50 + dice.upTo(300),
    eventsPerTick: dice.upTo(3),
    beats: fate === 'is stopped by SIGSTOP' || fate === 'spins' || fate === 'stalls' || dice.chance(0.5),
    isDeaf: dice.chance(trouble / 3),
    lies: dice.chance(trouble / 3),
  };
}

import type { Dice } from '../../support/fakes/dice.ts';
import type { Character } from '../worker/character.ts';

type Drawn = Omit<Character, 'journals'>;

const STEADY: Drawn = { events_per_tick: 8, payload_bytes: 64, window: 64 };

/** As often as they stand here; most workers are sound. */
const CHARACTERS: readonly ((dice: Dice) => Drawn)[] = [
  () => STEADY,
  () => STEADY,
  () => STEADY,
  () => STEADY,
  () => STEADY,
  (dice) => ({ ...STEADY, life_ms: 1_000 + dice.upTo(5_000) }),
  (dice) => ({ ...STEADY, life_ms: 1_000 + dice.upTo(5_000) }),
  (dice) => ({ ...STEADY, strays: 1 + dice.upTo(1) }),
  (dice) => ({ ...STEADY, strays: 1 + dice.upTo(1) }),
  (dice) => ({ ...STEADY, crash_ms: 300 + dice.upTo(2_000), faulty_incarnations: 1 + dice.upTo(1) }),
  (dice) => ({ ...STEADY, crash_ms: 300 + dice.upTo(2_000), faulty_incarnations: 10 }),
  (dice) => ({ ...STEADY, hang_ms: 300 + dice.upTo(2_000), hang: 'stopped', faulty_incarnations: 1 }),
  (dice) => ({ ...STEADY, hang_ms: 300 + dice.upTo(2_000), hang: 'spinning', faulty_incarnations: 1 }),
  (dice) => ({ ...STEADY, hang_ms: 300 + dice.upTo(2_000), hang: 'stalled', faulty_incarnations: 1 }),
  () => ({ events_per_tick: 100, payload_bytes: 256, window: 2_048 }),
];

export function drawCharacter(dice: Dice): Drawn {
  return dice.pick(CHARACTERS)(dice);
}

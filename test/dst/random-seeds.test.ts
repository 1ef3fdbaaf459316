import { describe, test } from 'vitest';
import { playSeeds } from './play-seeds.ts';

const CHUNK = 250;
const SEEDS = 1_500;
/** Another one in each run. */
const base = 1_000_000 + Math.floor(Math.random() * 2_000_000_000);

describe(`whatever happens, in worlds that nobody has seen before (from seed ${base})`, () => {
  console.log(`seeds ${base} to ${base + SEEDS - 1}`);
  for (let from = 0; from < SEEDS; from += CHUNK) {
    test(`nothing is lost and nothing is left behind: ${CHUNK} seeds after ${from}`, async () => {
      await playSeeds(base + from, CHUNK);
    });
  }
});

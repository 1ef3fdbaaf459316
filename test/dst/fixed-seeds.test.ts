import { describe, test } from 'vitest';
import { playSeeds } from './play-seeds.ts';

const CHUNK = 250;
const SEEDS = 1_500;

describe('whatever happens, in the same worlds each time', () => {
  for (let from = 1; from <= SEEDS; from += CHUNK) {
    test(`nothing is lost and nothing is left behind: seeds ${from} to ${from + CHUNK - 1}`, async () => {
      await playSeeds(from, CHUNK);
    });
  }
});

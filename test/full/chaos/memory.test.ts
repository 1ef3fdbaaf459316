import { expect, test } from 'vitest';
import { playChaos } from '../../chaos/run/play-chaos.ts';

test.concurrent.each([101, 102])('fifty rounds of chaos over memory, with seed %i', async (seed) => {
  const { summary, events } = await playChaos({ seed, rounds: 50, adapter: 'memory' });
  console.log(summary);
  expect(events).toBeGreaterThan(5_000);
});

import { expect, test } from 'vitest';
import { playChaos } from '../../chaos/run/play-chaos.ts';

test.concurrent.each([201, 202])('fifty rounds of chaos over nats, with seed %i', async (seed) => {
  const { summary, events } = await playChaos({ seed, rounds: 50, adapter: 'nats' });
  console.log(summary);
  expect(events).toBeGreaterThan(5_000);
});

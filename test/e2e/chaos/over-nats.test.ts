import { expect, test } from 'vitest';
import { playChaos } from '../../chaos/run/play-chaos.ts';

test('ten rounds of chaos over nats: nothing acknowledged is lost, nothing is left behind, and the reasons are right', async () => {
  const { summary, ...figures } = await playChaos({ seed: 17, rounds: 10, adapter: 'nats' });
  console.log(summary);
  expect(figures.daemonKills).toBeGreaterThanOrEqual(2);
  expect(figures.workers).toBeGreaterThanOrEqual(10);
  expect(figures.events).toBeGreaterThan(500);
});

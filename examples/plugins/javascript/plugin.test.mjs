import assert from 'node:assert/strict';
import { test } from 'node:test';
import { assertConforms } from 'shoal/plugin-testkit';
import { plugin } from './plugin.mjs';
import { Walk } from './walk.mjs';

test('the plugin conforms', () =>
  assertConforms(plugin, {
    options: { log: false, memory_mb: 64 },
    refusedOptions: [{ memory_mb: 1 }, { memory_mb: 'much' }],
    runConfigs: [{}, { walkers: 5, ticks: 100, tick_ms: 0 }],
    refusedRunConfigs: [{ walkers: 0 }, { walker: 5 }],
  }));

test('the package conforms, found by its name as a configuration names it', () =>
  assertConforms('shoal-plugin-random-walk', { baseDirectory: import.meta.dirname }));

test('the same seed gives the same walk, one step a tick', () => {
  const [first, second, other] = [7n, 7n, 8n].map((seed) => new Walk(3, seed));
  for (let tick = 1; tick <= 50; tick += 1) {
    const before = first.positions;
    for (const walk of [first, second, other]) walk.tick();
    assert.deepEqual(first.positions, second.positions);
    const steps = first.positions.map(({ x, y }, at) => Math.abs(x - before[at].x) + Math.abs(y - before[at].y));
    assert.deepEqual(steps, [1, 1, 1]);
  }
  assert.notDeepEqual(first.positions, other.positions);
});

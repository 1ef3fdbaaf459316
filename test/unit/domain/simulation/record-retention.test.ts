import { expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { RecordRetention } from '../../../../src/domain/simulation/record-retention.ts';
import { SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { aSimulation } from './a-simulation.ts';

const DAY_MS = 86_400_000;

async function withRecords(maxAgeMs: number, maxFinal = 100) {
  const clock = new FakeClock();
  const registry = new SimulationRegistry(new InMemoryRegistryStore(), () => maxFinal);
  const endedAtMs = clock.nowMs();
  await registry.create(aSimulation({ id: 'running', state: 'RUNNING' }));
  await registry.create(aSimulation({ id: 'lost', state: 'LOST' }));
  await registry.create(aSimulation({ id: 'first', state: 'COMPLETED', endedAtMs }));
  await registry.create(aSimulation({ id: 'second', state: 'FAILED', endedAtMs: endedAtMs + DAY_MS }));
  const retention = new RecordRetention(registry, clock, () => maxAgeMs);
  const ids = () => [...registry.simulations()].map(({ id }) => id);
  const advance = async (ms: number) => {
    await clock.advance(ms);
    await settle();
    return ids();
  };
  return { retention, ids, advance };
}

test('records go when they have been over for too long, and only those that are over', async () => {
  const { retention, advance } = await withRecords(DAY_MS);
  await retention.start();
  await retention.start();
  expect(await advance(DAY_MS)).toEqual(['running', 'lost', 'first', 'second']);
  expect(await advance(120_000)).toEqual(['running', 'lost', 'second']);
  expect(await advance(DAY_MS)).toEqual(['running', 'lost']);
});

test('what is too old already goes at the start', async () => {
  const { retention, ids, advance } = await withRecords(DAY_MS);
  await advance(3 * DAY_MS);
  await retention.start();
  expect(ids()).toEqual(['running', 'lost']);
});

test('without a bound they stay; stopped, it does nothing', async () => {
  const { retention, advance } = await withRecords(0);
  await retention.start();
  expect(await advance(10 * DAY_MS)).toHaveLength(4);
  const stopped = await withRecords(DAY_MS);
  await stopped.retention.start();
  await stopped.retention.stop();
  await stopped.retention.stop();
  expect(await stopped.advance(10 * DAY_MS)).toHaveLength(4);
});

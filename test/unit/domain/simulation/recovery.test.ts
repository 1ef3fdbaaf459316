import { expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { recallRequests } from '../../../../src/domain/simulation/recovery.ts';
import { RequestMemory } from '../../../../src/domain/simulation/request-memory.ts';
import { SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { aSimulation } from './a-simulation.ts';

test('the figures of a run are kept at every change, and go on from there after a restart', async () => {
  const store = new InMemoryRegistryStore();
  const before = new SimulationRegistry(store, () => 100);
  const { simulation } = await before.create(aSimulation({ state: 'RUNNING' }));
  await before.change(simulation.id, (present) => ({ ...present, labels: { a: 'b' } }));
  expect((await store.get(simulation.id))?.simulation).not.toHaveProperty('figures');
  Object.assign(before.figures.of(simulation.id), { lastTick: 7n, eventsReceived: 5, eventsLogged: 3 });
  await before.change(simulation.id, (present) => ({ ...present, state: 'PAUSED' }));
  before.figures.of(simulation.id).eventsReceived = 6;

  const after = new SimulationRegistry(store, () => 100);
  await after.load();
  expect(after.view(simulation.id).figures).toMatchObject({ lastTick: 7n, eventsReceived: 5, eventsLogged: 3 });
  await after.change(simulation.id, (present) => ({ ...present, state: 'RUNNING' }));
  expect(after.get(simulation.id).figures).toEqual({ lastTick: 7n, eventsReceived: 5, eventsLogged: 3 });
});

test('a request of the last hour is known to the next daemon, an older one and one that says something else are not', async () => {
  const clock = new FakeClock();
  const nowMs = clock.nowMs();
  const store = new InMemoryRegistryStore();
  const request = (id: string) => ({ scope: 'me StartSimulation', id, fingerprint: 'f' });
  await store.create(aSimulation({ id: 'young', createdAtMs: nowMs - 3_000_000, request: request('r-1') }));
  await store.create(aSimulation({ id: 'old', createdAtMs: nowMs - 3_600_000, request: request('r-2') }));
  await store.create(aSimulation({ id: 'without', createdAtMs: nowMs }));
  const registry = new SimulationRegistry(store, () => 100);
  await registry.load();
  const requests = new RequestMemory(clock);
  recallRequests(registry, requests, nowMs);
  const once = (id: string, fingerprint = 'f') =>
    requests.once('me StartSimulation', id, fingerprint, async () => 'a new one');
  expect([await once('r-1'), await once('r-2')]).toEqual(['young', 'a new one']);
  await expect(once('r-1', 'another')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  await clock.advance(600_000);
  expect(await once('r-1')).toBe('a new one');
});

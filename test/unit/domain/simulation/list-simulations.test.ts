import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { AllowAll } from '../../../../src/adapters/system/allow-all.ts';
import { type ListRequest, ListSimulations } from '../../../../src/domain/simulation/list-simulations.ts';
import { SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import { SIMULATION_STATES } from '../../../../src/domain/simulation/simulation-state.ts';
import type { Authorizer } from '../../../../src/ports/authorizer.ts';
import { anyone } from '../../../support/fakes/domain-under-test.ts';
import { aSimulation, type SimulationFacts } from './a-simulation.ts';

const all: ListRequest = { states: [], labelSelector: '', pageSize: 0, pageToken: '' };

describe('listing simulations', () => {
  let registry: SimulationRegistry;
  let list: ListSimulations;

  beforeEach(() => {
    registry = new SimulationRegistry(new InMemoryRegistryStore(), () => 100_000);
    list = new ListSimulations(registry, new AllowAll());
  });

  const add = (facts: SimulationFacts) => registry.create(aSimulation(facts));
  const page = (request: Partial<ListRequest> = {}) => list.run(anyone(), { ...all, ...request });
  const ids = (request: Partial<ListRequest> = {}) => page(request).views.map(({ simulation }) => simulation.id);

  test('gives the newest first, and those of one moment by their ids', async () => {
    await add({ id: 'b', createdAtMs: 1 });
    await add({ id: 'd', createdAtMs: 3 });
    await add({ id: 'c', createdAtMs: 2 });
    await add({ id: 'a', createdAtMs: 2 });
    expect(ids()).toEqual(['d', 'a', 'c', 'b']);
  });

  test('takes those of the states and labels that are asked for', async () => {
    await add({ id: 'a', state: 'RUNNING', labels: { owner: 'mira' }, createdAtMs: 4 });
    await add({ id: 'b', state: 'PAUSED', labels: { owner: 'mira' }, createdAtMs: 3 });
    await add({ id: 'c', state: 'RUNNING', labels: { owner: 'tom' }, createdAtMs: 2 });
    await add({ id: 'd', state: 'FAILED', createdAtMs: 1 });
    expect(ids({ states: ['RUNNING'] })).toEqual(['a', 'c']);
    expect(ids({ states: ['RUNNING', 'PAUSED'], labelSelector: 'owner=mira' })).toEqual(['a', 'b']);
    expect(ids({ labelSelector: '!owner' })).toEqual(['d']);
    expect(ids({ states: ['STOPPED'] })).toEqual([]);
  });

  test.each([
    [0, 50],
    [1, 1],
    [49, 49],
    [1_000, 1_000],
    [1_001, 1_000],
    [2_147_483_647, 1_000],
  ])('of a page size of %i gives %i', async (pageSize, expected) => {
    for (let at = 0; at < 1_010; at += 1) await add({ id: `s${at}`, createdAtMs: at });
    const { views, nextPageToken } = page({ pageSize });
    expect([views.length, nextPageToken === '']).toEqual([expected, false]);
  });

  test('ends with an empty token, also when the last page is full', async () => {
    for (let at = 0; at < 4; at += 1) await add({ id: `s${at}`, createdAtMs: at });
    const first = page({ pageSize: 2 });
    const last = page({ pageSize: 2, pageToken: first.nextPageToken });
    expect([first.nextPageToken === '', last.views.length, last.nextPageToken]).toEqual([false, 2, '']);
    expect(page({ pageSize: 4 }).nextPageToken).toBe('');
  });

  test.each([
    [{ pageSize: -1 }, 'page_size'],
    [{ pageToken: 'nonsense' }, 'page_token'],
    [{ pageToken: '12.a b' }, 'page_token'],
    [{ pageToken: '12.' }, 'page_token'],
    [{ pageToken: `${'9'.repeat(17)}.a` }, 'page_token'],
    [{ labelSelector: 'a b' }, 'label_selector'],
  ])('refuses %j', (request, field) => {
    try {
      page(request);
      expect.unreachable();
    } catch (thrown) {
      expect(thrown).toMatchObject({ code: 'INVALID_ARGUMENT', metadata: { field } });
    }
  });

  test('asks whether the caller may read', () => {
    const refused = new ListSimulations(registry, {
      demand: (context, action) => {
        throw new Error(`${context.principal.name} may not ${action}`);
      },
      permits: () => false,
    });
    expect(() => refused.run(anyone('tom'), all)).toThrow('tom may not read');
  });

  test('leaves out what the caller may not read', async () => {
    await add({ id: 'a', labels: { owner: 'mira' } });
    await add({ id: 'b', labels: { owner: 'tom' } });
    const permits: Authorizer['permits'] = ({ principal }, action, { labels }) =>
      action === 'read' && labels['owner'] === principal.name;
    const own = new ListSimulations(registry, { demand: () => {}, permits });
    expect(own.run(anyone('tom'), all).views.map(({ simulation }) => simulation.id)).toEqual(['b']);
  });

  test('over its pages neither misses nor repeats one that was there throughout, while others come and go', async () => {
    const facts = fc.record({ createdAtMs: fc.nat(5), state: fc.constantFrom(...SIMULATION_STATES) });
    const meddling = fc.array(fc.record({ facts, removes: fc.nat(50) }), { maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(facts, { maxLength: 20 }),
        fc.array(meddling, { maxLength: 10 }),
        fc.integer({ min: 1, max: 5 }),
        async (initial, rounds, pageSize) => {
          const store = new InMemoryRegistryStore();
          registry = new SimulationRegistry(store, () => 100_000);
          list = new ListSimulations(registry, new AllowAll());
          for (const [at, each] of initial.entries()) await add({ ...each, id: `s${at}` });
          const lasting = new Set([...registry.simulations()].map(({ id }) => id as string));
          const seen: string[] = [];
          let token = '';
          let count = 0;
          let made = 0;
          do {
            const { views, nextPageToken } = page({ pageSize, pageToken: token });
            seen.push(...views.map(({ simulation }) => simulation.id));
            token = nextPageToken;
            for (const { facts: extra, removes } of rounds[count] ?? []) {
              const known = await store.list();
              const victim = known[removes];
              if (victim !== undefined) {
                await store.remove(victim.simulation.id, victim.revision);
                lasting.delete(victim.simulation.id);
              }
              made += 1;
              await store.create(aSimulation({ ...extra, id: `new${made}` }));
            }
            // As a daemon that reads its store afresh.
            registry = new SimulationRegistry(store, () => 100_000);
            await registry.load();
            list = new ListSimulations(registry, new AllowAll());
            count += 1;
          } while (token !== '' && count < 100);
          expect(new Set(seen).size).toBe(seen.length);
          for (const id of lasting) expect(seen).toContain(id);
        },
      ),
      { numRuns: 150 },
    );
  });
});

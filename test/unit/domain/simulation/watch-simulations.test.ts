import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { AllowAll } from '../../../../src/adapters/system/allow-all.ts';
import type { SimulationId, WorkerId } from '../../../../src/domain/ids.ts';
import { SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import type { WatchNotice } from '../../../../src/domain/simulation/watch-notice.ts';
import { type WatchRequest, WatchSimulations } from '../../../../src/domain/simulation/watch-simulations.ts';
import type { Authorizer } from '../../../../src/ports/authorizer.ts';
import { anyone } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { aSimulation, type SimulationFacts } from './a-simulation.ts';

let registry: SimulationRegistry;
let watch: WatchSimulations;

function over(maxFinal: number): void {
  registry = new SimulationRegistry(new InMemoryRegistryStore(), () => maxFinal);
  watch = new WatchSimulations(registry, new AllowAll());
  watch.begin();
}

beforeEach(() => over(100_000));

const add = (facts: SimulationFacts) => registry.create(aSimulation(facts));
const change = (id: string, facts: SimulationFacts) =>
  registry.change(id as SimulationId, (present) => ({ ...present, ...facts }) as typeof present);

/** One watcher, and what it has heard. */
class Watcher {
  readonly heard: WatchNotice[] = [];
  readonly caller = new AbortController();
  readonly over: Promise<unknown>;

  constructor(request: Partial<WatchRequest> = {}) {
    const all: WatchRequest = { simulationIds: [], labelSelector: '', fromRevision: 0 };
    const notices = watch.run(anyone('anonymous', this.caller.signal), { ...all, ...request });
    this.over = this.#read(notices).catch((thrown) => thrown);
  }

  get texts(): string[] {
    return this.heard.map((notice) =>
      notice.kind === 'synced'
        ? 'synced'
        : `${notice.kind} ${notice.view.simulation.id} ${notice.view.simulation.state}`,
    );
  }

  async #read(notices: AsyncIterable<WatchNotice>): Promise<void> {
    for await (const notice of notices) this.heard.push(notice);
  }
}

describe('a watcher', () => {
  test('hears what is there, oldest change first, that this was all, and then every change', async () => {
    await add({ id: 'a', state: 'STARTING' });
    await add({ id: 'b', state: 'PAUSED' });
    await change('a', { state: 'RUNNING' });
    const watcher = new Watcher();
    await settle();
    expect(watcher.texts).toEqual(['present b PAUSED', 'present a RUNNING', 'synced']);
    await add({ id: 'c', state: 'PENDING' });
    await change('b', { state: 'RUNNING' });
    await settle();
    expect(watcher.texts.slice(3)).toEqual(['changed c PENDING', 'changed b RUNNING']);
  });

  test('hears of what happens while it is told what is there only after that', async () => {
    await add({ id: 'a', state: 'RUNNING' });
    const watcher = new Watcher();
    await change('a', { state: 'PAUSED' });
    await settle();
    expect(watcher.texts).toEqual(['present a RUNNING', 'synced', 'changed a PAUSED']);
  });

  test('hears of state, worker, incarnation and reason, and of nothing else', async () => {
    await add({ id: 'a', state: 'RUNNING' });
    const watcher = new Watcher();
    await change('a', { message: 'for people' });
    await change('a', { workerId: 'w-2' as WorkerId });
    await change('a', { incarnation: 7 });
    await change('a', { reason: 'SHUTDOWN' });
    await settle();
    expect(watcher.heard).toHaveLength(2 + 3);
  });

  test('hears only of those that it asked for', async () => {
    await add({ id: 'a', labels: { school: 'x' } });
    await add({ id: 'b', labels: { school: 'x' } });
    await add({ id: 'c', labels: { school: 'y' } });
    const byLabel = new Watcher({ labelSelector: 'school=x' });
    const byId = new Watcher({ simulationIds: ['c' as SimulationId, 'unknown' as SimulationId] });
    const both = new Watcher({ simulationIds: ['a' as SimulationId, 'c' as SimulationId], labelSelector: 'school=x' });
    await change('c', { state: 'FAILED' });
    await settle();
    expect(byLabel.texts).toEqual(['present a PENDING', 'present b PENDING', 'synced']);
    expect(byId.texts).toEqual(['present c PENDING', 'synced', 'changed c FAILED']);
    expect(both.texts).toEqual(['present a PENDING', 'synced']);
  });

  test('hears nothing of those that it may not read', async () => {
    const permits: Authorizer['permits'] = (_context, _action, { labels }) => labels['owner'] !== 'mira';
    watch = new WatchSimulations(registry, { demand: () => {}, permits });
    await add({ id: 'a', labels: { owner: 'mira' } });
    const watcher = new Watcher();
    await add({ id: 'b', labels: { owner: 'tom' } });
    await change('a', { state: 'FAILED' });
    await settle();
    expect(watcher.texts).toEqual(['synced', 'changed b PENDING']);
  });

  test('that comes back hears what changed since, and what was deleted', async () => {
    over(1);
    await add({ id: 'a', state: 'STOPPED', endedAtMs: 1 });
    await add({ id: 'b', state: 'RUNNING' });
    const { revision } = registry.view('b' as SimulationId);
    await add({ id: 'c', state: 'STOPPED', endedAtMs: 2 });
    const back = new Watcher({ fromRevision: revision });
    await settle();
    expect(back.texts).toEqual(['deleted a STOPPED', 'present c STOPPED', 'synced']);
  });

  test('hears of a deletion without what would be too much to remember', async () => {
    over(0);
    const configuration = { bytes: new Uint8Array(1_000), contentType: 'application/octet-stream' };
    const request = { scope: 'me StartSimulation', id: 'r-1', fingerprint: 'body' };
    const handle = { launcher: 'process', version: 1, data: {} };
    const labels = { school: 'a' };
    const { revision } = await add({ id: 'a', labels, configuration, request, handle });
    await change('a', { state: 'STOPPED' });
    await registry.forgetFinal();
    const back = new Watcher({ fromRevision: revision });
    await settle();
    const [notice] = back.heard;
    expect(notice).toMatchObject({ kind: 'deleted', view: { simulation: { id: 'a', state: 'STOPPED', labels } } });
    if (notice?.kind !== 'deleted') return expect.fail('it was not deleted');
    expect(notice.view.simulation.configuration.bytes).toHaveLength(0);
    expect(notice.view.simulation).not.toHaveProperty('request');
    expect(notice.view.simulation).not.toHaveProperty('handle');
  });

  test('that comes back with a revision which never was, or is too old, is told to begin anew', async () => {
    await add({ id: 'a' });
    const store = new InMemoryRegistryStore();
    for (const id of ['p', 'q', 'r']) await store.create(aSimulation({ id }));
    registry = new SimulationRegistry(store, () => 100);
    await registry.load();
    watch = new WatchSimulations(registry, new AllowAll());
    watch.begin();
    for (const fromRevision of [1, 2, 3, 4]) {
      expect(() => watch.run(anyone(), { simulationIds: [], labelSelector: '', fromRevision })).toThrow(
        expect.objectContaining({ code: 'REVISION_CONFLICT', metadata: { field: 'from_revision' } }),
      );
    }
    await add({ id: 's' });
    const back = new Watcher({ fromRevision: 4 });
    await settle();
    expect(back.texts).toEqual(['synced']);
  });

  test('that is too slow is let go, and goes on by revision', async () => {
    await add({ id: 'a', state: 'RUNNING' });
    const notices = watch.run(anyone(), { simulationIds: [], labelSelector: '', fromRevision: 0 });
    expect((await notices.next()).value).toMatchObject({ kind: 'present' });
    expect((await notices.next()).value).toEqual({ kind: 'synced' });
    for (let at = 0; at < 10_001; at += 1) await change('a', { incarnation: at + 2 });
    await expect(notices.next()).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    const back = new Watcher({ fromRevision: 1 });
    await settle();
    expect(back.texts).toEqual(['present a RUNNING', 'synced']);
  });

  test('that goes leaves nothing behind', async () => {
    const watcher = new Watcher();
    await settle();
    watcher.caller.abort();
    expect(await watcher.over).toBeUndefined();
    await add({ id: 'a' });
    await settle();
    expect(watcher.texts).toEqual(['synced']);
  });

  test('knows what the registry knows, whenever it goes and comes back', async () => {
    const ids = ['a', 'b', 'c', 'd'];
    const act = fc.oneof(
      fc.record({ kind: fc.constant('change' as const), id: fc.constantFrom(...ids), incarnation: fc.nat(5) }),
      fc.record({ kind: fc.constant('end' as const), id: fc.constantFrom(...ids) }),
      fc.record({ kind: fc.constant('leave' as const) }),
      fc.record({ kind: fc.constant('settle' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(act, { maxLength: 40 }), async (acts) => {
        over(1);
        const known = new Map<string, unknown>();
        let revision = 0;
        let watcher = new Watcher();
        let read = 0;
        let ended = 0;
        const digest = (): void => {
          for (const notice of watcher.heard.slice(read)) {
            if (notice.kind === 'synced') continue;
            const { simulation } = notice.view;
            if (notice.kind === 'deleted') known.delete(simulation.id);
            else known.set(simulation.id, simulation);
            revision = Math.max(revision, notice.view.revision);
          }
          read = watcher.heard.length;
        };
        for (const each of acts) {
          if (each.kind === 'settle') {
            await settle();
            digest();
          } else if (each.kind === 'leave') {
            watcher.caller.abort();
            await watcher.over;
            digest();
            watcher = new Watcher({ fromRevision: revision });
            read = 0;
          } else if (registry.find(each.id as SimulationId) === undefined) {
            await add({ id: each.id, state: 'RUNNING' });
          } else if (each.kind === 'end') {
            if (registry.get(each.id as SimulationId).state === 'STOPPED') continue;
            ended += 1;
            await change(each.id, { state: 'STOPPED', endedAtMs: ended });
          } else {
            await change(each.id, { incarnation: each.incarnation });
          }
        }
        await settle();
        digest();
        expect(known).toEqual(new Map([...registry.simulations()].map((simulation) => [simulation.id, simulation])));
      }),
      { numRuns: 200 },
    );
  });
});

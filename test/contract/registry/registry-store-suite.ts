import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseSimulationId, parseWorkerId } from '../../../src/domain/ids.ts';
import type { Simulation } from '../../../src/domain/simulation/simulation.ts';
import type { RegistryStore } from '../../../src/ports/registry-store.ts';
import { record as simulation } from './a-record.ts';

export interface OpenStore {
  readonly store: RegistryStore;
  close(): Promise<void>;
}

/** What every registry store promises. `open` gives an empty one. */
export function describeRegistryStore(name: string, open: () => Promise<OpenStore>): void {
  describe(name, () => {
    let opened: OpenStore;
    let store: RegistryStore;

    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    test('gives back what was created, every field of it', async () => {
      const created = await store.create(complete);
      expect(created.simulation).toEqual(complete);
      expect(await store.get(complete.id)).toEqual(created);
      expect(await store.list()).toEqual([created]);
    });

    test('gives back a record with the least that it must have, and no fields that it has not', async () => {
      const least = simulation('least');
      const { simulation: stored } = await store.create(least);
      expect(stored).toEqual(least);
      expect(Object.keys((await store.get(least.id))?.simulation ?? {}).sort()).toEqual(Object.keys(least).sort());
    });

    test('keeps 64-bit seeds and empty bytes exact', async () => {
      const seed = 2n ** 64n - 1n;
      await store.create({ ...simulation('a'), seed, configuration: { bytes: new Uint8Array(0), contentType: '' } });
      const stored = (await store.get(parseSimulationId('a')))?.simulation;
      expect([stored?.seed, stored?.configuration.bytes.length]).toEqual([seed, 0]);
    });

    test('knows nothing of a simulation that was never created', async () => {
      expect(await store.get(parseSimulationId('nobody'))).toBeUndefined();
      expect(await store.list()).toEqual([]);
    });

    test('refuses a second simulation of the same id, and keeps the first', async () => {
      const first = await store.create(simulation('a', { labels: { first: 'yes' } }));
      await expect(store.create(simulation('a'))).rejects.toMatchObject({ code: 'SIMULATION_EXISTS' });
      expect(await store.get(first.simulation.id)).toEqual(first);
    });

    test('lets one of many creations of an id at once win', async () => {
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, at) => store.create(simulation('a', { restarts: at }))),
      );
      expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      const winner = outcomes.find((each) => each.status === 'fulfilled');
      expect(await store.get(parseSimulationId('a'))).toEqual(winner?.value);
    });

    test('updates what was not changed since, and answers with the new revision', async () => {
      const { simulation: before, revision } = await store.create(simulation('a'));
      const updated = await store.update({ ...before, state: 'STARTING' }, revision);
      expect(updated.simulation).toEqual({ ...before, state: 'STARTING' });
      expect(updated.revision).toBeGreaterThan(revision);
      expect(await store.get(before.id)).toEqual(updated);
    });

    test('replaces the record as a whole: what an update leaves out is gone', async () => {
      const { revision } = await store.create({ ...complete });
      await store.update(simulation(complete.id), revision);
      expect((await store.get(complete.id))?.simulation).toEqual(simulation(complete.id));
    });

    test('refuses an update by a revision that is not the present one, older or never given, and keeps the record', async () => {
      const first = await store.create(simulation('a'));
      const second = await store.update({ ...first.simulation, state: 'STARTING' }, first.revision);
      for (const revision of [first.revision, second.revision + 1_000, 0]) {
        await expect(store.update({ ...first.simulation, state: 'FAILED' }, revision)).rejects.toMatchObject({
          code: 'REVISION_CONFLICT',
        });
      }
      expect(await store.get(first.simulation.id)).toEqual(second);
    });

    test('refuses the revision of another simulation', async () => {
      const a = await store.create(simulation('a'));
      const b = await store.create(simulation('b'));
      await expect(store.update(a.simulation, b.revision)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    });

    test('lets one of many updates by the same revision win', async () => {
      const { simulation: before, revision } = await store.create(simulation('a'));
      const outcomes = await Promise.allSettled(
        Array.from({ length: 8 }, (_, at) => store.update({ ...before, restarts: at }, revision)),
      );
      const winners = outcomes.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
      const codes = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.code] : []));
      expect([winners.length, new Set(codes)]).toEqual([1, new Set(['REVISION_CONFLICT'])]);
      expect(await store.get(before.id)).toEqual(winners[0]);
    });

    test('says that what is not there cannot be updated', async () => {
      await expect(store.update(simulation('nobody'), 1)).rejects.toMatchObject({ code: 'SIMULATION_NOT_FOUND' });
    });

    test('gives revisions that rise with every write to any simulation', async () => {
      const revisions: number[] = [];
      let a = await store.create(simulation('a'));
      let b = await store.create(simulation('b'));
      revisions.push(a.revision, b.revision);
      for (let at = 0; at < 5; at += 1) {
        a = await store.update({ ...a.simulation, restarts: at }, a.revision);
        b = await store.update({ ...b.simulation, restarts: at }, b.revision);
        revisions.push(a.revision, b.revision);
      }
      expect(revisions).toEqual([...new Set(revisions)].sort((x, y) => x - y));
      expect(revisions[0]).toBeGreaterThan(0);
      expect(revisions.every(Number.isSafeInteger)).toBe(true);
    });

    test('removes what was not changed since, and nothing else', async () => {
      const a = await store.create(simulation('a'));
      const b = await store.create(simulation('b'));
      await store.remove(a.simulation.id, a.revision);
      expect([await store.get(a.simulation.id), await store.list()]).toEqual([undefined, [b]]);
    });

    test('refuses to remove by another revision', async () => {
      const before = await store.create(simulation('a'));
      const after = await store.update({ ...before.simulation, state: 'STARTING' }, before.revision);
      await expect(store.remove(before.simulation.id, before.revision)).rejects.toMatchObject({
        code: 'REVISION_CONFLICT',
      });
      expect(await store.get(before.simulation.id)).toEqual(after);
    });

    test('does not mind removing what is not there', async () => {
      const { simulation: record, revision } = await store.create(simulation('a'));
      await store.remove(record.id, revision);
      await expect(store.remove(record.id, revision)).resolves.toBeUndefined();
      await expect(store.remove(parseSimulationId('nobody'), 7)).resolves.toBeUndefined();
    });

    test('never gives a revision again, also after the record that had it is removed', async () => {
      const first = await store.create(simulation('a'));
      await store.remove(first.simulation.id, first.revision);
      const second = await store.create(simulation('a'));
      expect(second.revision).toBeGreaterThan(first.revision);
      await expect(store.update(first.simulation, first.revision)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
    });

    test('lists hundreds, each as get gives it', async () => {
      const created = await Promise.all(Array.from({ length: 300 }, (_, at) => store.create(simulation(`s${at}`))));
      const listed = [...(await store.list())].sort((a, b) => a.revision - b.revision);
      expect(listed).toEqual(created.sort((a, b) => a.revision - b.revision));
    });
  });
}

const complete: Simulation = simulation('complete', {
  state: 'FAILED',
  labels: { owner: 'mira', 'example.com/tier': '' },
  configuration: { bytes: Uint8Array.from({ length: 256 }, (_, at) => at), contentType: 'application/octet-stream' },
  seed: 9_007_199_254_740_993n,
  startPaused: true,
  startedAtMs: 1_767_225_600_001,
  endedAtMs: 1_767_225_600_002,
  workerId: parseWorkerId('w-1'),
  handle: { launcher: 'process', version: 1, data: { pid: 4_711, bootId: 'b-1' } },
  incarnation: 3,
  restarts: 2,
  exitCode: 0,
  exitSignal: 'SIGKILL',
  reason: 'WORKER_CRASHED',
  message: 'ended by SIGKILL after 12 ms; last lines: é “boom”',
});

import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { moveTo } from '../../../../src/domain/simulation/lifecycle.ts';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';
import { type SimulationChange, SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';
import { aSimulation } from './a-simulation.ts';

describe('the registry', () => {
  let store: SlowRegistryStore;
  let registry: SimulationRegistry;
  let changes: SimulationChange[];
  let maxFinal: number;

  beforeEach(() => {
    maxFinal = 100;
    store = new SlowRegistryStore();
    registry = new SimulationRegistry(store, () => maxFinal);
    changes = [];
    registry.onChange((change) => changes.push(change));
  });

  const heard = () => changes.map(({ kind, after }) => `${kind} ${after.simulation.id} ${after.simulation.state}`);

  test('tells what the store has taken, and not before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    store.pause = () => promise;
    const created = registry.create(aSimulation());
    await settle();
    expect([registry.find(aSimulation().id), heard()]).toEqual([undefined, []]);
    resolve();
    const { simulation, revision } = await created;
    expect(registry.view(simulation.id)).toMatchObject({ simulation, revision });
    expect(heard()).toEqual(['created sim-1 PENDING']);
  });

  test('keeps what it was when the store refuses', async () => {
    const { simulation } = await registry.create(aSimulation());
    store.pause = () => Promise.reject(new Error('disk full'));
    await expect(registry.change(simulation.id, (present) => moveTo(present, 'STARTING'))).rejects.toThrow('disk full');
    expect(registry.get(simulation.id).state).toBe('PENDING');
    store.pause = async () => {};
    await registry.change(simulation.id, (present) => moveTo(present, 'STARTING'));
    expect(heard()).toEqual(['created sim-1 PENDING', 'changed sim-1 STARTING']);
  });

  test('reads at the beginning what the store remembers', async () => {
    const shared = new InMemoryRegistryStore();
    const stored = await shared.create(aSimulation({ state: 'COMPLETED' }));
    const later = new SimulationRegistry(shared, () => 100);
    expect(later.find(stored.simulation.id)).toBeUndefined();
    await later.load();
    expect(later.view(stored.simulation.id)).toMatchObject(stored);
  });

  test('makes changes of one simulation one after another, each from the one before', async () => {
    const { simulation } = await registry.create(aSimulation());
    const counts = Array.from({ length: 50 }, () =>
      registry.change(simulation.id, (present) => ({ ...present, restarts: present.restarts + 1 })),
    );
    await Promise.all(counts);
    expect(registry.get(simulation.id).restarts).toBe(50);
    expect(changes.slice(1).map(({ before, after }) => [before?.restarts, after.simulation.restarts])).toEqual(
      Array.from({ length: 50 }, (_, at) => [at, at + 1]),
    );
  });

  test('writes nothing when the record stays the same', async () => {
    const { simulation, revision } = await registry.create(aSimulation());
    await registry.change(simulation.id, (present) => present);
    expect([registry.view(simulation.id).revision, changes.length]).toEqual([revision, 1]);
  });

  test('throws what a change throws, and goes on', async () => {
    const { simulation } = await registry.create(aSimulation());
    await expect(registry.change(simulation.id, (present) => moveTo(present, 'COMPLETED'))).rejects.toMatchObject({
      code: 'ILLEGAL_TRANSITION',
    });
    await expect(registry.change(simulation.id, (present) => moveTo(present, 'STARTING'))).resolves.toMatchObject({
      state: 'STARTING',
    });
  });

  test('knows what there is not', async () => {
    const { id } = aSimulation({ id: 'nobody' });
    expect(registry.find(id)).toBeUndefined();
    expect(() => registry.get(id)).toThrow('there is no simulation nobody');
    expect(() => registry.view(id)).toThrow('there is no simulation nobody');
    await expect(registry.change(id, (present) => present)).rejects.toMatchObject({ code: 'SIMULATION_NOT_FOUND' });
  });

  test('forgets the final simulations that ended first, when there are more than it may keep', async () => {
    maxFinal = 2;
    await create('old', 'COMPLETED', 10);
    await create('newer', 'FAILED', 30);
    await create('older', 'STOPPED', 5);
    await create('running', 'RUNNING');
    await create('newest', 'COMPLETED', 40);
    expect([...registry.simulations()].map(({ id }) => id).sort()).toEqual(['newer', 'newest', 'running']);
    expect((await store.list()).map(({ simulation }) => simulation.id).sort()).toEqual(['newer', 'newest', 'running']);
    expect(heard().filter((line) => line.startsWith('forgotten'))).toEqual([
      'forgotten older STOPPED',
      'forgotten old COMPLETED',
    ]);
  });

  test('forgets none while there are no more than it may keep', async () => {
    maxFinal = 5;
    for (let at = 0; at < 5; at += 1) await create(`f${at}`, 'COMPLETED', at);
    await create('running', 'RUNNING');
    expect([...registry.simulations()]).toHaveLength(6);
    maxFinal = 8;
    await create('another');
    expect([...registry.simulations()]).toHaveLength(7);
  });

  test('says once of each simulation that it is forgotten, also when many are created at once', async () => {
    maxFinal = 1;
    for (let at = 0; at < 5; at += 1) await create(`f${at}`, 'COMPLETED', at);
    maxFinal = 0;
    await Promise.all([create('a'), create('b'), create('c')]);
    await settle();
    const forgotten = heard().filter((line) => line.startsWith('forgotten'));
    expect([forgotten.length, new Set(forgotten).size]).toEqual([5, 5]);
  });

  test('creates a simulation also when an old one cannot be forgotten, and forgets that the next time', async () => {
    await create('old', 'COMPLETED', 1);
    maxFinal = 0;
    store.pause = async ({ id, state }) => {
      if (id === 'old' && state === undefined) throw new Error('not now');
    };
    await expect(create('a')).resolves.toMatchObject({ simulation: { id: 'a' } });
    expect(registry.find(aSimulation({ id: 'old' }).id)).toBeDefined();
    store.pause = async () => {};
    await create('b');
    expect([...registry.simulations()].map(({ id }) => id).sort()).toEqual(['a', 'b']);
  });

  test('forgets the figures with the simulation', async () => {
    const { simulation } = await create('old', 'COMPLETED', 1);
    maxFinal = 0;
    registry.figures.of(simulation.id).eventsReceived = 7;
    await create('a');
    expect(registry.figures.of(simulation.id).eventsReceived).toBe(0);
  });

  describe('waiting until a condition holds', () => {
    let simulation: Simulation;
    const never = new AbortController().signal;

    beforeEach(async () => {
      ({ simulation } = await registry.create(aSimulation()));
    });

    test('ends at once when it does', async () => {
      await expect(registry.until(simulation.id, ({ state }) => state === 'PENDING', never)).resolves.toEqual(
        simulation,
      );
    });

    test('ends with the first record for which it does, and not with that of another simulation', async () => {
      const other = await registry.create(aSimulation({ id: 'other' }));
      const seen = registry.until(simulation.id, ({ restarts }) => restarts >= 2, never);
      await registry.change(other.simulation.id, (present) => ({ ...present, restarts: 9 }));
      for (const restarts of [1, 2, 3]) await registry.change(simulation.id, (present) => ({ ...present, restarts }));
      expect((await seen).restarts).toBe(2);
    });

    test('ends with the reason of the signal, before or meanwhile', async () => {
      const reason = new Error('deadline');
      await expect(registry.until(simulation.id, () => false, AbortSignal.abort(reason))).rejects.toBe(reason);
      const controller = new AbortController();
      const waiting = registry.until(simulation.id, () => false, controller.signal);
      controller.abort(reason);
      await expect(waiting).rejects.toBe(reason);
    });

    test('fails when the simulation is forgotten meanwhile', async () => {
      maxFinal = 0;
      await registry.change(simulation.id, (present) => moveTo(present, 'STOPPED'));
      const waiting = registry.until(simulation.id, ({ state }) => state === 'RUNNING', never);
      await create('another');
      await expect(waiting).rejects.toMatchObject({ code: 'SIMULATION_NOT_FOUND' });
    });

    test('is over when it has ended: the condition is not asked again', async () => {
      const asked: number[] = [];
      const condition = ({ restarts }: Simulation) => {
        asked.push(restarts);
        return restarts === 1;
      };
      const controller = new AbortController();
      const seen = registry.until(simulation.id, condition, controller.signal);
      await registry.change(simulation.id, (present) => ({ ...present, restarts: 1 }));
      await seen;
      const aborted = registry.until(simulation.id, (each) => condition(each) && false, controller.signal);
      controller.abort(new Error('deadline'));
      await expect(aborted).rejects.toThrow('deadline');
      await registry.change(simulation.id, (present) => ({ ...present, restarts: 2 }));
      expect(asked).toEqual([0, 1, 1]);
    });

    test('of what there is not fails', async () => {
      await expect(registry.until(aSimulation({ id: 'nobody' }).id, () => true, never)).rejects.toMatchObject({
        code: 'SIMULATION_NOT_FOUND',
      });
    });
  });

  test('tells nobody who has left', async () => {
    const more: string[] = [];
    const leave = registry.onChange(({ kind }) => more.push(kind));
    await create('a');
    leave();
    await create('b');
    expect(more).toEqual(['created']);
  });

  function create(id: string, state: Simulation['state'] = 'PENDING', endedAtMs?: number) {
    return registry.create(aSimulation({ id, state, ...(endedAtMs === undefined ? {} : { endedAtMs }) }));
  }
});

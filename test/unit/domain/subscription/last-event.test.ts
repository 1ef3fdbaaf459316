import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { parseSimulationId, type SimulationId } from '../../../../src/domain/ids.ts';
import { SimulationRegistry } from '../../../../src/domain/simulation/simulation-registry.ts';
import { afterLastEvent } from '../../../../src/domain/subscription/last-event.ts';
import { WorkerDirectory } from '../../../../src/domain/supervision/worker-directory.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { aSimulation } from '../simulation/a-simulation.ts';

const S1 = parseSimulationId('s1');
const S2 = parseSimulationId('s2');
const S3 = parseSimulationId('s3');

describe('the last event of several simulations', () => {
  let registry: SimulationRegistry;
  let unsettled: Map<SimulationId, Promise<void>>;
  let leave: AbortController;

  beforeEach(async () => {
    registry = new SimulationRegistry(new InMemoryRegistryStore(), () => 1_000);
    unsettled = new Map();
    leave = new AbortController();
    for (const id of [S1, S2]) await registry.create(aSimulation({ id, state: 'RUNNING' }));
  });

  function follow(ids: readonly SimulationId[]) {
    const seen = { isOver: false, thrown: undefined as unknown };
    const intake = { settled: async (id: SimulationId) => unsettled.get(id) };
    afterLastEvent({ registry, directory: new WorkerDirectory(), intake }, ids, leave.signal).then(
      () => {
        seen.isOver = true;
      },
      (thrown) => {
        seen.thrown = thrown;
      },
    );
    return seen;
  }

  const end = (id: SimulationId) => registry.change(id, (present) => ({ ...present, state: 'COMPLETED' }));

  test('has come when all have ended, also when the record of one is forgotten before the others end', async () => {
    const all = follow([S1, S2]);
    await end(S2);
    await registry.remove(S2);
    await settle();
    expect(all.isOver).toBe(false);
    await end(S1);
    await settle();
    expect(all.isOver).toBe(true);
  });

  test('is waited for of one that is not there yet, and of each until what was accepted is logged', async () => {
    const logged = Promise.withResolvers<void>();
    unsettled.set(S1, logged.promise);
    const all = follow([S1, S3]);
    await end(S1);
    await registry.create(aSimulation({ id: S3, state: 'RUNNING' }));
    await end(S3);
    await settle();
    expect(all.isOver).toBe(false);
    logged.resolve();
    await settle();
    expect(all.isOver).toBe(true);
  });

  test('is waited for no longer than anybody wants it', async () => {
    const all = follow([S1, S2, S3]);
    await end(S1);
    const reason = new Error('the reader has left');
    leave.abort(reason);
    await settle();
    expect([all.isOver, all.thrown]).toEqual([false, reason]);
  });
});

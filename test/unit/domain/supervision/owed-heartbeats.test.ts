import { describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const limits = { maxWorkers: 10, registerTimeoutMs: 10_000, stallTimeoutMs: 10_000 };
const { type } = restartingType({ policy: 'never' }, { orphans: 'adopt', limits });

/** A worker that was adopted, and has registered with its new daemon. */
async function adopted(ticks: readonly bigint[]) {
  const store = new InMemoryRegistryStore();
  const first = new DomainUnderTest({ types: [type], store });
  const id = await first.run();
  for (const tick of ticks) first.workerCalls.heartbeat(first.worker(id), id, tick);
  await settle();
  const next = new DomainUnderTest({ types: [type], store });
  await next.registry.load();
  // As the operating system has it: the process is there.
  await next.launcher.launch(first.program(id).plan, { onOutput: () => {}, onExit: () => {} });
  const { worker } = next.supervisor.adopt(next.simulation(id));
  await next.supervisor.registered(worker);
  return { id, next, worker };
}

describe('a worker that was adopted', () => {
  test('owes its new daemon heartbeats when it sent them to the one before', async () => {
    const { next, worker } = await adopted([1n]);
    await next.clock.advance(6_000);
    expect(worker.verdict).toMatchObject({ reason: 'HEARTBEAT_LOST' });
  });

  test('owes none when it never sent any', async () => {
    const { next, worker } = await adopted([]);
    await next.clock.advance(60_000);
    expect(worker.verdict).toBeUndefined();
  });

  const standAtNothing = async ({ id, next, worker }: Awaited<ReturnType<typeof adopted>>) => {
    for (let ms = 0; ms < 25_000; ms += 1_000) {
      if (worker.verdict === undefined) next.workerCalls.heartbeat(worker, id, 0n);
      await next.clock.advance(1_000);
    }
  };

  test('and was reset before its first heartbeat is judged by its tick when it told one to the daemon before', async () => {
    const present = await adopted([0n, 7n]);
    await standAtNothing(present);
    expect(present.worker.verdict).toMatchObject({ reason: 'STALLED' });
  });

  test('and never told a tick is not judged by it', async () => {
    const present = await adopted([0n]);
    await standAtNothing(present);
    expect(present.worker.verdict).toBeUndefined();
  });
});

test('heartbeats are noted once in the record, and only where workers are adopted', async () => {
  const domain = new DomainUnderTest({ types: [restartingType().type] });
  const id = await domain.run();
  const before = domain.changes.length;
  for (const tick of [1n, 2n, 3n]) domain.workerCalls.heartbeat(domain.worker(id), id, tick);
  await settle();
  expect(domain.changes).toHaveLength(before);
  const adopting = new DomainUnderTest({ types: [type] });
  const other = await adopting.run();
  const sofar = adopting.changes.length;
  for (const tick of [0n, 0n, 2n, 3n]) {
    adopting.workerCalls.heartbeat(adopting.worker(other), other, tick);
    await settle();
  }
  // That there are any, and that they tell ticks.
  expect(adopting.changes).toHaveLength(sofar + 2);
});

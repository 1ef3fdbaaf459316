import { describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { derivedSeed } from '../../../../src/domain/supervision/derived-seed.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

async function crashAndRestart(domain: DomainUnderTest, id: SimulationId): Promise<void> {
  domain.program(id).exit({ code: 3 });
  await domain.clock.advance(10_000);
  await domain.register(id);
}

async function order(domain: DomainUnderTest, id: SimulationId, command: object, ack = {}): Promise<void> {
  const request = { simulationId: id, command: command as never, requestId: '', fingerprint: '', wait: true };
  const done = domain.control.run(anyone(), request);
  await settle();
  await domain.acknowledge(domain.lastCommand(), ack);
  await done;
}

describe('a restarted simulation begins', () => {
  test('with the same seed', async () => {
    const { type, launches } = restartingType({ startFrom: 'same-seed' });
    const domain = new DomainUnderTest({ types: [type] });
    await crashAndRestart(domain, await domain.run({ seed: 42n }));
    expect(launches).toMatchObject([{ seed: 42n }, { seed: 42n }]);
  });

  test('with a new seed, derived from the first and the incarnation; without a seed it has none', async () => {
    const { type, launches } = restartingType({ startFrom: 'new-seed' });
    const domain = new DomainUnderTest({ types: [type] });
    const id = await domain.run({ seed: 42n });
    await crashAndRestart(domain, id);
    await crashAndRestart(domain, id);
    expect(launches.map(({ seed }) => seed)).toEqual([42n, derivedSeed(42n, 2), derivedSeed(42n, 3)]);
    expect(domain.simulation(id).seed).toBe(42n);
    const without = await domain.run();
    await crashAndRestart(domain, without);
    expect(launches.at(-1)).not.toHaveProperty('seed');
  });

  test('with the snapshot that was acknowledged last', async () => {
    const { type, launches } = restartingType({ startFrom: 'snapshot' });
    const domain = new DomainUnderTest({ types: [type] });
    domain.snapshots.newest = '/snapshots/reef/two';
    const id = await domain.run({ simulationId: 'reef', seed: 42n });
    await order(domain, id, { name: 'snapshot', snapshotName: 'two' }, { snapshotRef: 'two' });
    await crashAndRestart(domain, id);
    expect(domain.snapshots.wanted).toEqual([{ ref: 'two' }]);
    expect(launches).toMatchObject([
      { files: { snapshotDir: '/snapshots/reef' } },
      { restoreFile: '/snapshots/reef/two', seed: 42n, files: { snapshotDir: '/snapshots/reef' } },
    ]);
    expect(launches[0]).not.toHaveProperty('restoreFile');
    expect(domain.snapshots.prepared).toMatchObject([{ isFirst: true }, { isFirst: false }]);
  });

  test('anew when there is no snapshot, or none since its last reset', async () => {
    const { type, launches } = restartingType({ startFrom: 'snapshot' });
    const domain = new DomainUnderTest({ types: [type] });
    const id = await domain.run();
    await order(domain, id, { name: 'snapshot', snapshotName: 'one' }, { snapshotRef: 'one' });
    await domain.clock.advance(1_000);
    await order(domain, id, { name: 'reset' });
    const resetAtMs = domain.clock.nowMs();
    await crashAndRestart(domain, id);
    expect(domain.snapshots.wanted).toEqual([{ sinceMs: resetAtMs }]);
    expect(launches.at(-1)).not.toHaveProperty('restoreFile');
  });
});

test('the answer to a snapshot says where it is', async () => {
  const domain = new DomainUnderTest();
  const id = await domain.run();
  const request = {
    simulationId: id,
    command: { name: 'snapshot', snapshotName: 'one' } as const,
    requestId: '',
    fingerprint: '',
    wait: true,
  };
  const answer = domain.control.run(anyone(), request);
  await settle();
  await domain.acknowledge(domain.lastCommand(), { snapshotRef: 'one.bin' });
  expect((await answer).outcome?.snapshotRef).toBe('one.bin');
});

test('snapshots are removed with the record of their simulation, and not before', async () => {
  const domain = new DomainUnderTest();
  const id = await domain.run();
  domain.program(id).exit({ code: 0 });
  await settle();
  expect([domain.state(id), domain.snapshots.removed]).toEqual(['COMPLETED', []]);
  await domain.remove.run(anyone(), id);
  expect(domain.snapshots.removed).toEqual([id]);
});

import { describe, expect, test } from 'vitest';
import { InMemoryRegistryStore } from '../../../../src/adapters/memory/in-memory-registry-store.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

/** A domain whose daemon was killed while its simulation waited in RESTARTING, and the next one over the same store. */
async function killedWhileWaiting(afterMs: number) {
  const store = new InMemoryRegistryStore();
  const { type } = restartingType({
    maxRestarts: 2,
    backoff: { initialMs: 8_000, maxMs: 10_000, factor: 2, jitter: 0 },
  });
  const first = new DomainUnderTest({ types: [type], store });
  const id = await first.run();
  first.program(id).exit({ code: 3 });
  await settle();
  const next = new DomainUnderTest({ types: [type], store });
  await next.clock.advance(afterMs);
  await next.registry.load();
  return { id, next };
}

describe('a RESTARTING simulation of a daemon that was killed', () => {
  test('is launched when its time comes', async () => {
    const { id, next } = await killedWhileWaiting(3_000);
    next.supervisor.resumeRestart(id);
    await next.clock.advance(4_999);
    expect(next.state(id)).toBe('RESTARTING');
    await next.clock.advance(1);
    expect(next.simulation(id)).toMatchObject({ state: 'STARTING', incarnation: 2, restarts: 1 });
  });

  test('is launched at once when its time has passed', async () => {
    const { id, next } = await killedWhileWaiting(60_000);
    next.supervisor.resumeRestart(id);
    await next.clock.advance(0);
    expect(next.state(id)).toBe('STARTING');
  });

  test('never waits longer than the policy would, however the wall clock was set', async () => {
    const { id, next } = await killedWhileWaiting(0);
    next.clock.jumpWall(-86_400_000);
    next.supervisor.resumeRestart(id);
    await next.clock.advance(30_000);
    expect(next.state(id)).toBe('STARTING');
  });

  test('has the restarts before counted on', async () => {
    const { id, next } = await killedWhileWaiting(8_000);
    next.supervisor.resumeRestart(id);
    for (const state of ['RESTARTING', 'FAILED']) {
      await next.clock.advance(10_000);
      await next.register(id);
      next.program(id).exit({ code: 3 });
      await settle();
      expect(next.state(id)).toBe(state);
    }
    expect(next.simulation(id)).toMatchObject({ reason: 'RESTARTS_EXHAUSTED', restarts: 2 });
  });

  test('stays ended when it was stopped meanwhile, and launches nothing when it is resumed twice', async () => {
    const { id, next } = await killedWhileWaiting(0);
    next.supervisor.resumeRestart(id);
    next.supervisor.resumeRestart(id);
    await next.clock.advance(8_000);
    expect(next.launcher.programs).toHaveLength(1);
    const other = await killedWhileWaiting(0);
    other.next.supervisor.resumeRestart(other.id);
    await other.next.supervisor.stop(other.id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 0 });
    await other.next.clock.advance(60_000);
    expect([other.next.state(other.id), other.next.launcher.programs]).toEqual(['STOPPED', []]);
  });
});

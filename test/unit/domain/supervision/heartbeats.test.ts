import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';

/** The interval is 2 s: three missed are 6 s. */
describe('heartbeats', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;
  const beat = (tick = 0n) => domain.workerCalls.heartbeat(domain.worker(id), id, tick);

  beforeEach(async () => {
    domain = new DomainUnderTest();
    id = await domain.run();
  });

  test('are not asked of a worker that never sent one', async () => {
    await domain.clock.advance(3_600_000);
    expect(domain.state(id)).toBe('RUNNING');
  });

  test('keep a worker alive for as long as they come', async () => {
    for (let at = 0; at < 100; at += 1) {
      beat(BigInt(at));
      await domain.clock.advance(5_999);
    }
    expect([domain.state(id), domain.registry.view(id).figures.lastTick]).toEqual(['RUNNING', 99n]);
  });

  test('that three times do not come end the worker with SIGKILL, and its simulation fails', async () => {
    beat();
    await domain.clock.advance(5_999);
    expect(domain.program(id).signals).toEqual([]);
    await domain.clock.advance(1);
    expect(domain.program(id).signals).toEqual(['SIGKILL']);
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'HEARTBEAT_LOST' });
    expect(domain.simulation(id).message).toMatch(/^it sent no heartbeat for 6000 ms .*; ended by SIGKILL/);
    await domain.clock.advance(2_000);
    expect(domain.clock.pending).toBe(0);
  });

  test('are still waited for when the worker registers again', async () => {
    beat();
    await domain.clock.advance(5_000);
    await domain.register(id);
    await domain.clock.advance(5_999);
    expect(domain.state(id)).toBe('RUNNING');
    await domain.clock.advance(1);
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'HEARTBEAT_LOST' });
  });

  test.each([100, 3_100, 8_000, 3_600_000])(
    'that could not be heard because Shoal itself was stopped for %d ms are not missed',
    async (stoppedMs) => {
      beat();
      await domain.clock.advance(1_900);
      domain.clock.standStill(stoppedMs);
      // Timers that are due fire before anything is read.
      await domain.clock.advance(0);
      beat();
      await domain.clock.advance(5_999);
      expect([domain.state(id), domain.program(id).signals]).toEqual(['RUNNING', []]);
      await domain.clock.advance(1);
      expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'HEARTBEAT_LOST' });
    },
  );

  test('leave no timer behind when the worker ends', async () => {
    beat();
    domain.program(id).exit({ code: 0 });
    await domain.clock.advance(2_000);
    expect([domain.clock.pending, domain.state(id)]).toEqual([0, 'COMPLETED']);
  });

  test('answer with the state that the worker ought to be in', async () => {
    expect(beat()).toBe('RUNNING');
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
    expect(beat()).toBe('STOPPING');
  });
});

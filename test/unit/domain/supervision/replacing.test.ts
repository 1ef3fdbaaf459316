import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

describe('replacing a worker', () => {
  let domain: DomainUnderTest;
  let id: SimulationId;
  const replace = () => domain.supervisor.replaceWorker(id, {});

  beforeEach(async () => {
    domain = new DomainUnderTest();
    id = await domain.run();
    domain.registry.figures.of(id).lastTick = 77n;
  });

  test('ends the old one, then launches a new one with the same record and another identity', async () => {
    const old = domain.program(id);
    const replaced = domain.supervisor.replaceWorker(id, { seed: 5n, startPaused: true });
    await settle();
    expect([domain.state(id), domain.channel.keys]).toEqual(['RESTARTING', ['stop_worker']]);
    expect(domain.launcher.programs).toHaveLength(1);
    old.exit({ code: 0 });
    await replaced;
    expect(domain.launcher.alive).toEqual([domain.program(id)]);
    await domain.register(id);
    expect(domain.simulation(id)).toMatchObject({
      state: 'PAUSED',
      workerId: 'w-2',
      incarnation: 2,
      restarts: 0,
      seed: 5n,
    });
    expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'RUNNING', 'RESTARTING', 'STARTING', 'PAUSED']);
    expect(domain.registry.view(id).figures.lastTick).toBe(0n);
    expect(domain.program(id).plan.env['SHOAL_WORKER_TOKEN']).not.toBe(old.plan.env['SHOAL_WORKER_TOKEN']);
    // A worker that was replaced has not ended its simulation.
    expect(
      domain.events.map((event) => ('simulation' in event ? `${event.kind} with simulation` : event.kind)),
    ).toEqual(['launched', 'registered', 'ended', 'launched', 'registered']);
  });

  test('escalates like a stop when the old one does not end', async () => {
    const old = domain.program(id);
    const replaced = replace();
    await domain.clock.advance(10_000);
    await replaced;
    expect([old.signals, domain.state(id), domain.launcher.alive.length]).toEqual([
      ['SIGTERM', 'SIGKILL'],
      'STARTING',
      1,
    ]);
  });

  test('refuses the old token before the new worker is there', async () => {
    const { token } = domain.worker(id);
    let known: unknown = 'not asked';
    domain.launcher.script = {
      answer: async () => {
        known = domain.directory.byToken(token);
      },
    };
    const replaced = replace();
    await settle();
    domain.program(id).exit({ code: 0 });
    await replaced;
    expect(known).toBeUndefined();
  });

  test.each([{ code: 0 }, { code: 3 }, { signal: 'SIGSEGV' }])(
    'goes on when the worker dies by itself in that moment: %j',
    async (exit) => {
      const store = new SlowRegistryStore();
      domain = new DomainUnderTest({ store });
      id = await domain.run();
      const { token } = domain.worker(id);
      const { promise, resolve } = Promise.withResolvers<void>();
      store.pause = () => promise;
      const replaced = replace();
      await settle();
      domain.program(id).exit(exit);
      await settle();
      store.pause = async () => {};
      resolve();
      await replaced;
      await domain.register(id);
      expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'RUNNING', 'RESTARTING', 'STARTING', 'RUNNING']);
      expect([domain.launcher.alive.length, domain.directory.byToken(token)]).toEqual([1, undefined]);
    },
  );

  test('is refused for a simulation whose worker has died, with what became of it', async () => {
    domain.program(id).exit({ code: 3 });
    await settle();
    await expect(replace()).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION', metadata: { state: 'FAILED' } });
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'WORKER_CRASHED' });
  });

  test('ends with a stop meanwhile: STOPPED at once, the old worker ends, no new one is launched', async () => {
    const replaced = replace();
    await settle();
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
    expect(domain.state(id)).toBe('STOPPED');
    expect(domain.launcher.alive).toHaveLength(1);
    await domain.clock.advance(20_000);
    await replaced;
    expect([domain.launcher.programs.length, domain.launcher.alive.length, domain.state(id)]).toEqual([
      1,
      0,
      'STOPPED',
    ]);
    expect([domain.clock.pending, domain.directory.all()]).toEqual([0, []]);
    expect(domain.registry.view(id).figures.lastTick).toBe(77n);
  });

  test('ends at once with a stop by force meanwhile', async () => {
    const old = domain.program(id);
    const replaced = replace();
    await settle();
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: true, graceMs: 0 });
    await replaced;
    expect([old.signals, domain.launcher.alive]).toEqual([['SIGKILL'], []]);
  });

  test('fails when the new one cannot be launched', async () => {
    domain.launcher.script = { answer: () => Promise.reject(new Error('gone')) };
    const replaced = replace();
    await settle();
    domain.program(id).exit({ code: 0 });
    await replaced;
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'LAUNCH_FAILED' });
  });

  test('gives up when the daemon stops meanwhile, and is waited for', async () => {
    const replaced = replace();
    await settle();
    const over = domain.supervisor.stopAll({ force: true });
    await Promise.all([replaced, over]);
    expect([domain.launcher.alive, domain.state(id), domain.launcher.programs.length]).toEqual([[], 'STOPPED', 1]);
  });

  test('is not possible for a simulation that is not running', async () => {
    const starting = await domain.launch();
    await domain.supervisor.stop(starting, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
    await expect(domain.supervisor.replaceWorker(starting, {})).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
  });
});

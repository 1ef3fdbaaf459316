import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { type RestartingType, restartingType } from '../../../support/fakes/restarting-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const DAY_MS = 86_400_000;

describe('a simulation whose worker has crashed', () => {
  let fish: RestartingType;
  let domain: DomainUnderTest;
  let id: SimulationId;

  const begin = async (restart = {}, request = {}) => {
    fish = restartingType(restart);
    domain = new DomainUnderTest({ types: [fish.type] });
    id = await domain.run(request);
  };
  const crash = async (exit: { code?: number; signal?: string } = { code: 3 }) => {
    domain.program(id).exit(exit);
    await settle();
  };
  /** Crashes as soon as it is up, `times` times. */
  const crashAgain = async (times: number) => {
    for (let time = 1; time <= times; time += 1) {
      await crash();
      await domain.clock.advance(10_000);
      if (domain.state(id) === 'STARTING') await domain.register(id);
    }
  };

  beforeEach(() => begin());

  test('waits in RESTARTING, says why and until when, and is launched again as another incarnation', async () => {
    domain.registry.figures.of(id).lastTick = 77n;
    await crash();
    const waiting = domain.simulation(id);
    expect(waiting).toMatchObject({
      state: 'RESTARTING',
      reason: 'WORKER_CRASHED',
      exitCode: 3,
      restarts: 1,
      incarnation: 1,
    });
    expect(waiting.message).toMatch(/exited 3 after 120 ms.*; restart 1 in 200 ms, at 00:00:00.200 UTC/);
    expect(waiting.restartAtMs).toBe(domain.clock.nowMs() + 200);
    await domain.clock.advance(199);
    expect(domain.launcher.programs).toHaveLength(1);
    await domain.clock.advance(1);
    const { exitCode, reason, message, restartAtMs, ...again } = domain.simulation(id);
    expect(again).toMatchObject({ state: 'STARTING', workerId: 'w-2', incarnation: 2, restarts: 1 });
    expect([exitCode, reason, message, restartAtMs]).toEqual([undefined, undefined, undefined, undefined]);
    expect(domain.registry.view(id).figures.lastTick).toBe(0n);
    await domain.register(id);
    expect(domain.state(id)).toBe('RUNNING');
  });

  test('comes back PAUSED when it was PAUSED, and RUNNING when it was RUNNING', async () => {
    await begin({}, { startPaused: true });
    await crash();
    await domain.clock.advance(200);
    await domain.register(id);
    expect(domain.state(id)).toBe('PAUSED');
    const resumed = domain.control.run(
      { principal: { name: 'x' }, signal: new AbortController().signal },
      { simulationId: id, command: { name: 'resume' }, requestId: '', fingerprint: '', wait: true },
    );
    await settle();
    await domain.acknowledge(domain.lastCommand());
    await resumed;
    await crash();
    await domain.clock.advance(10_000);
    await domain.register(id);
    expect(domain.state(id)).toBe('RUNNING');
  });

  test('is announced as a crash that is followed by a restart, and the last one as a crash that is not', async () => {
    await begin({ maxRestarts: 1 });
    await crashAgain(2);
    expect(domain.state(id)).toBe('FAILED');
    for (const event of domain.events) domain.announcements.supervised(event);
    const crashes = domain.bus.published
      .filter(({ subject }) => subject === 'orchestrator.worker_crash')
      .map(({ bytes }) =>
        JSON.parse(
          Buffer.from(bytes)
            .toString()
            .replace(/^[^{]*({.*}).*$/s, '$1'),
        ),
      );
    expect(crashes).toMatchObject([
      { reason: 'WORKER_CRASHED', will_restart: true, incarnation: 1, exit_code: 3 },
      { reason: 'RESTARTS_EXHAUSTED', will_restart: false, incarnation: 2, exit_code: 3 },
    ]);
  });

  test('is FAILED when it is out of restarts, with what happened last', async () => {
    await begin({ maxRestarts: 3 });
    await crashAgain(4);
    expect(domain.simulation(id)).toMatchObject({
      state: 'FAILED',
      reason: 'RESTARTS_EXHAUSTED',
      restarts: 3,
      incarnation: 4,
    });
    expect(domain.simulation(id).message).toMatch(/exited 3 after.*; out of restarts: 3 within 60000 ms/);
    expect(domain.clock.pending).toBe(0);
  });

  test('has its history forgotten after a healthy spell', async () => {
    await begin({ maxRestarts: 3 });
    await crashAgain(3);
    await domain.clock.advance(300_000);
    await crash();
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', restarts: 4 });
    expect(domain.simulation(id).restartedAtMs).toHaveLength(1);
    expect(domain.simulation(id).message).toContain('restart 1 in 200 ms');
  });

  test.each([
    ['exit 0', 'on-failure', { code: 0 }, 'COMPLETED'],
    ['exit 78', 'always', { code: 78 }, 'FAILED'],
    ['exit 125', 'on-failure', { code: 125 }, 'FAILED'],
    ['exit 0', 'always', { code: 0 }, 'RESTARTING'],
    ['a signal', 'on-failure', { signal: 'SIGSEGV' }, 'RESTARTING'],
  ] as const)('after %s under %s', async (_how, policy, exit, state) => {
    await begin({ policy });
    await crash(exit);
    expect(domain.state(id)).toBe(state);
  });

  test('under `always`, complete and restarted, is not announced as a crash', async () => {
    await begin({ policy: 'always' });
    await crash({ code: 0 });
    for (const event of domain.events) domain.announcements.supervised(event);
    expect(domain.simulation(id).reason).toBe('COMPLETED');
    expect(domain.bus.subjects).not.toContain('orchestrator.worker_crash');
  });

  test('is restarted as the run says, whatever its type says', async () => {
    await begin({ policy: 'never' }, { restart: { policy: 'on-failure', maxRestarts: 1 } });
    await crashAgain(1);
    expect(domain.state(id)).toBe('RUNNING');
    await crash();
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'RESTARTS_EXHAUSTED' });
    await begin({ policy: 'always' }, { restart: { policy: 'never' } });
    await crash();
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'WORKER_CRASHED', restarts: 0 });
  });

  test('ends at once when it is stopped while it waits, and stays ended', async () => {
    await crash();
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 5_000 });
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'STOPPED_BY_REQUEST' });
    expect(domain.simulation(id).message).toMatch(/^stopped before the next try: exited 3 after .*; restart 1 in/);
    expect(domain.simulation(id).restartAtMs).toBeUndefined();
    await domain.clock.advance(60_000);
    expect([domain.state(id), domain.launcher.programs.length, domain.clock.pending]).toEqual(['STOPPED', 1, 0]);
  });

  test('ends when its time is over while it waits', async () => {
    await begin({}, { maxRunTimeMs: 1_000 });
    await domain.clock.advance(900);
    await crash();
    await domain.clock.advance(100);
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'MAX_RUN_TIME' });
    await domain.clock.advance(60_000);
    expect(domain.launcher.programs).toHaveLength(1);
  });

  test('refuses pause and reset while it waits', async () => {
    await crash();
    const context = { principal: { name: 'x' }, signal: new AbortController().signal };
    for (const command of [{ name: 'pause' }, { name: 'reset' }] as const) {
      const request = { simulationId: id, command, requestId: '', fingerprint: '', wait: true };
      await expect(domain.control.run(context, request)).rejects.toMatchObject({ code: 'ILLEGAL_TRANSITION' });
    }
  });

  test('is stopped, and launched no more, when the daemon stops', async () => {
    await crash();
    await domain.supervisor.stopAll({ force: false });
    await domain.clock.advance(60_000);
    expect([domain.state(id), domain.simulation(id).reason]).toEqual(['STOPPED', 'SHUTDOWN']);
    expect([domain.launcher.programs.length, domain.clock.pending]).toEqual([1, 0]);
  });

  test('does not count a reset by restart, nor goes on from it as from a failure', async () => {
    await begin({ maxRestarts: 1, startFrom: 'new-seed' }, { seed: 5n });
    const replaced = domain.supervisor.replaceWorker(id, {});
    await settle();
    domain.program(id).exit({ code: 0 });
    await replaced;
    await domain.register(id);
    expect(domain.simulation(id)).toMatchObject({ restarts: 0, incarnation: 2 });
    expect(domain.simulation(id).restartedAtMs).toBeUndefined();
    expect(fish.launches.map(({ seed }) => seed)).toEqual([5n, 5n]);
    await crash();
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', restarts: 1 });
  });

  test('is not restarted sooner, later or more often when the wall clock is set', async () => {
    await begin({ maxRestarts: 2 });
    domain.clock.jumpWall(DAY_MS);
    await crash();
    domain.clock.jumpWall(-2 * DAY_MS);
    await domain.clock.advance(199);
    expect(domain.state(id)).toBe('RESTARTING');
    await domain.clock.advance(1);
    await domain.register(id);
    await crash();
    domain.clock.jumpWall(2 * DAY_MS);
    await domain.clock.advance(399);
    expect(domain.state(id)).toBe('RESTARTING');
    await domain.clock.advance(1);
    await domain.register(id);
    await crash();
    expect(domain.simulation(id).reason).toBe('RESTARTS_EXHAUSTED');
  });
});

describe('a launch that fails', () => {
  const failing = (code: 'CAPACITY_EXHAUSTED' | 'INVALID_ARGUMENT', times: number) => {
    const domain = new DomainUnderTest({ types: [restartingType({ maxRestarts: 3 }).type] });
    let left = times;
    domain.launcher.script = {
      answer: async () => {
        left -= 1;
        if (left >= 0) throw new ShoalError(code, 'spawn failed');
      },
    };
    return domain;
  };

  test('for want of room is tried again under the restart policy', async () => {
    const domain = failing('CAPACITY_EXHAUSTED', 2);
    const id = await domain.launch();
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', reason: 'LAUNCH_FAILED', restarts: 1 });
    expect(domain.events).toMatchObject([{ kind: 'launch-failed', willRestart: true }]);
    await domain.clock.advance(200);
    expect(domain.simulation(id)).toMatchObject({ state: 'RESTARTING', restarts: 2 });
    await domain.clock.advance(400);
    await domain.register(id);
    expect(domain.simulation(id)).toMatchObject({ state: 'RUNNING', incarnation: 3 });
    expect(domain.runFiles.present.size).toBe(1);
  });

  test('for ever ends FAILED', async () => {
    const domain = failing('CAPACITY_EXHAUSTED', 100);
    const id = await domain.launch();
    await domain.clock.advance(20_000);
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'RESTARTS_EXHAUSTED', restarts: 3 });
    expect([domain.runFiles.present.size, domain.directory.all()]).toEqual([0, []]);
  });

  test('because of what was asked for is not tried again', async () => {
    const domain = failing('INVALID_ARGUMENT', 1);
    const id = await domain.launch();
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'LAUNCH_FAILED', restarts: 0 });
  });
});

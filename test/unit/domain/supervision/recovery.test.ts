import { beforeEach, describe, expect, test } from 'vitest';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';
import { NEVER_RESTARTED } from '../../../../src/domain/supervision/never-restarted.ts';
import type { WorkerExit } from '../../../../src/ports/worker-launcher.ts';
import { DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';

const TYPES = [
  fakeWorkerType('kept', { config: { orphans: 'adopt' } }),
  fakeWorkerType('tied', { config: { orphans: 'end' } }),
  fakeWorkerType('restarted', {
    config: { orphans: 'end', restart: { ...NEVER_RESTARTED, policy: 'on-failure', maxRestarts: 5 } },
  }),
  fakeWorkerType('plain', { config: { orphans: 'adopt' }, registers: false }),
];

describe('after a daemon was killed', () => {
  let before: DomainUnderTest;
  let after: DomainUnderTest;
  beforeEach(() => {
    before = new DomainUnderTest({ types: TYPES });
  });

  /** The next daemon, before workers can reach it. */
  const begin = async (types = TYPES) => {
    after = new DomainUnderTest({ types, before });
    await after.registry.load();
    return after.recovery.settle();
  };
  const run = (workerType: string) => before.run({ workerType });
  const record = (id: SimulationId, change: Partial<Simulation>) =>
    before.registry.change(id, (present) => ({ ...present, ...change }));
  const outcome = (id: SimulationId) => {
    const { state, reason } = after.simulation(id);
    return `${state} ${reason}`;
  };

  test('a worker that is adopted keeps its id, its token and its place, and has to register again in time', async () => {
    const id = await run('kept');
    const { id: workerId, token } = before.worker(id);
    expect(await begin()).toEqual([{ simulationId: id, workerId, as: 'adopted' }]);
    expect(after.directory.byToken(token)).toBe(after.worker(id));
    expect(after.worker(id)).toMatchObject({ id: workerId, registered: false });
    await after.clock.advance(3_600_000);
    expect(after.state(id)).toBe('RUNNING');
    after.recovery.resume();
    await after.clock.advance(9_999);
    const registration = { simulationId: id, supportedCommands: [] };
    const answer = await after.workerCalls.register(after.worker(id), registration);
    expect(answer).toMatchObject({ resumed: true, desiredState: 'RUNNING', incarnation: 1 });
    await after.clock.advance(3_600_000);
    expect([after.state(id), after.launcher.programs.length]).toEqual(['RUNNING', 1]);
    after.program(id).exit({ code: 0 });
    await settle();
    expect(outcome(id)).toBe('COMPLETED COMPLETED');
  });

  test('one that does not register again is ended', async () => {
    const id = await run('kept');
    await begin();
    after.recovery.resume();
    await after.clock.advance(10_000);
    expect(outcome(id)).toBe('FAILED REGISTER_TIMEOUT');
  });

  test('one that does not register at all is simply adopted', async () => {
    const id = await before.launch({ workerType: 'plain' });
    await begin();
    after.recovery.resume();
    await after.clock.advance(3_600_000);
    expect(after.state(id)).toBe('RUNNING');
  });

  test('what it wrote is heard again, and what it writes from now on', async () => {
    const id = await run('kept');
    await begin();
    after.program(id).write('still here');
    expect(
      after.outputs
        .find(id)
        ?.last(5)
        .map(({ text }) => text),
    ).toEqual(['still here']);
  });

  test.each(['RUNNING', 'PAUSED'] as const)('a worker that is not adopted is ended, in %s', async (state) => {
    const id = await run('tied');
    await record(id, { state });
    expect(await begin()).toMatchObject([{ as: 'ended' }]);
    expect(outcome(id)).toBe('FAILED ENDED_WITH_DAEMON');
    expect(after.simulation(id).message).toMatch(/its daemon was killed.*ended by SIGKILL/);
    expect([after.launcher.alive, after.runFiles.present.size]).toEqual([[], 0]);
  });

  test.each<[string, WorkerExit | undefined, string]>([
    ['with 0', { code: 0, durationMs: 5 }, 'COMPLETED COMPLETED'],
    ['with 3', { code: 3, durationMs: 5 }, 'FAILED WORKER_CRASHED'],
    ['by a signal', { signal: 'SIGSEGV', durationMs: 5 }, 'FAILED WORKER_CRASHED'],
    ['unseen', undefined, 'FAILED ENDED_WITH_DAEMON'],
  ])('a worker that ended meanwhile, %s, ended as it ended', async (_how, exit, expected) => {
    const id = await run('kept');
    before.program(id).vanish();
    const endedAtMs = before.clock.nowMs() + 7;
    if (exit !== undefined) before.launcher.exits.set(before.worker(id).id, { ...exit, endedAtMs });
    await begin();
    expect(outcome(id)).toBe(expected);
    const { exitCode, exitSignal } = after.simulation(id);
    expect([exitCode, exitSignal]).toEqual([exit?.code, exit?.signal]);
    if (exit !== undefined) expect(after.simulation(id).endedAtMs).toBe(endedAtMs);
  });

  test.each(['kept', 'tied'])(
    'in STOPPING a worker (%s) is ended, and the simulation is STOPPED',
    async (workerType) => {
      const id = await run(workerType);
      await record(id, { state: 'STOPPING', reason: 'STOPPED_BY_REQUEST' });
      await begin();
      expect([outcome(id), after.launcher.alive]).toEqual(['STOPPED STOPPED_BY_REQUEST', []]);
    },
  );

  test.each(['kept', 'tied'])('what was PENDING is launched, once workers can call (%s)', async (workerType) => {
    before.launcher.script = { answer: () => new Promise(() => {}) };
    const id = await before.launch({ workerType });
    await record(id, { state: 'PENDING', incarnation: 0, workerId: undefined as never });
    before.launcher.script = {};
    expect(await begin()).toMatchObject([{ as: 'waits' }]);
    expect(after.launcher.programs).toEqual([]);
    after.recovery.resume();
    await after.clock.advance(0);
    await after.register(id);
    expect([after.state(id), after.launcher.programs.length]).toEqual(['RUNNING', 1]);
  });

  test.each(['kept', 'tied'])(
    'a worker (%s) of which only the id was recorded, and that does not run, is launched anew',
    async (workerType) => {
      before.launcher.script = { answer: () => new Promise(() => {}) };
      const id = await before.launch({ workerType });
      expect(before.state(id)).toBe('STARTING');
      before.launcher.script = {};
      await begin();
      expect(outcome(id)).toBe('RESTARTING ENDED_WITH_DAEMON');
      after.recovery.resume();
      await after.clock.advance(0);
      await after.register(id);
      expect(after.simulation(id)).toMatchObject({ state: 'RUNNING', incarnation: 2, restarts: 0 });
    },
  );

  test('a worker of which only the id was recorded, and that runs, is adopted', async () => {
    const id = await before.launch({ workerType: 'kept' });
    await record(id, { handle: undefined as never });
    await begin();
    after.recovery.resume();
    await after.register(id);
    expect([after.state(id), after.launcher.programs.length]).toEqual(['RUNNING', 1]);
    expect(after.simulation(id).handle).toMatchObject({ launcher: 'scripted' });
  });

  test('a worker that had not registered and is not adopted is ended, and another one launched', async () => {
    const id = await before.launch({ workerType: 'tied' });
    await begin();
    after.recovery.resume();
    await after.clock.advance(0);
    await after.register(id);
    expect([after.state(id), after.launcher.alive.length, after.launcher.programs.length]).toEqual(['RUNNING', 1, 2]);
  });

  test('the worker before, which was to be replaced, is ended, and the next one launched', async () => {
    const id = await run('kept');
    await record(id, { state: 'RESTARTING', reason: 'RESET_BY_RESTART' });
    await begin();
    after.recovery.resume();
    await after.clock.advance(0);
    await after.register(id);
    expect([after.state(id), after.launcher.alive.length, after.launcher.programs.length]).toEqual(['RUNNING', 1, 2]);
  });

  test('a simulation whose worker type is in the configuration no more is FAILED, and its worker ended', async () => {
    const id = await run('kept');
    await begin(TYPES.slice(1));
    expect([outcome(id), after.launcher.alive]).toEqual(['FAILED ENDED_WITH_DAEMON', []]);
    expect(after.simulation(id).message).toContain('worker type kept is not in the configuration any more');
  });

  test('LOST is only that of which nobody can say: the handle of another launcher, no list of processes', async () => {
    const elsewhere = await run('kept');
    await record(elsewhere, { handle: { launcher: 'elsewhere', version: 1, data: {} } });
    const unlisted = await run('kept');
    await record(unlisted, { handle: undefined as never });
    before.launcher.canFind = false;
    await begin();
    for (const id of [elsewhere, unlisted]) expect(outcome(id)).toBe('LOST OWNER_GONE');
    expect(after.launcher.swept).toEqual([]);
    expect(after.runFiles.present.size).toBe(2);
  });

  test('one whose launcher fails is LOST too, with the reason, and all the others are settled', async () => {
    const broken = await run('kept');
    const running = await run('kept');
    const unfound = await run('kept');
    await record(unfound, { handle: undefined as never });
    const { recover, find } = before.launcher;
    const handle = before.simulation(broken).handle;
    before.launcher.recover = async (which, observer) => {
      if (JSON.stringify(which) === JSON.stringify(handle)) throw new Error('EISDIR: its folder is spoilt');
      return recover.call(before.launcher, which, observer);
    };
    before.launcher.find = () => Promise.reject(new Error('EIO: /proc'));
    await begin();
    Object.assign(before.launcher, { recover, find });
    expect([outcome(broken), outcome(unfound), after.state(running)]).toEqual([
      'LOST OWNER_GONE',
      'LOST OWNER_GONE',
      'RUNNING',
    ]);
    expect(after.simulation(broken).message).toContain('EISDIR: its folder is spoilt');
    expect(after.simulation(unfound).message).toContain('EIO: /proc');
  });

  test('files and processes of workers that nobody knows are removed, those of adopted ones are not', async () => {
    const id = await run('kept');
    const other = await run('tied');
    const forgotten = before.worker(other).id;
    await before.store.remove(other, before.registry.view(other).revision);
    await begin();
    expect(after.launcher.swept).toEqual([forgotten]);
    expect([...after.runFiles.present.keys()]).toEqual([after.worker(id).id]);
    expect(after.program(id).alive).toBe(true);
  });

  test('a worker that is launched while others are still being ended is none of them', async () => {
    const slow = await run('tied');
    const quick = await run('restarted');
    const stubborn = before.program(slow);
    before.launcher.script = { onKill: (program) => program !== stubborn && program.exit({ signal: 'SIGKILL' }) };
    const settled = begin();
    await settle();
    await after.clock.advance(2_000);
    expect([after.state(slow), after.state(quick)]).toEqual(['RUNNING', 'STARTING']);
    await after.clock.advance(8_000);
    await settled;
    expect(after.launcher.swept).not.toContain(after.simulation(quick).workerId);
    expect([...after.runFiles.present.keys()]).toEqual([after.simulation(quick).workerId]);
    expect(after.program(quick).alive).toBe(true);
  });

  test('max_run_time counts on', async () => {
    const id = await before.run({ workerType: 'kept', maxRunTimeMs: 60_000 });
    await before.clock.advance(59_000);
    after = new DomainUnderTest({ types: TYPES, before, clock: before.clock });
    await after.registry.load();
    await after.recovery.settle();
    after.recovery.resume();
    after.runTimeLimit.begin();
    await after.register(id);
    await after.clock.advance(999);
    expect(after.state(id)).toBe('RUNNING');
    await after.clock.advance(1);
    expect(outcome(id)).toBe('STOPPING MAX_RUN_TIME');
  });

  describe('the record of an adopted worker', () => {
    let id: SimulationId;
    beforeEach(async () => {
      id = await run('kept');
      await begin();
      after.recovery.resume();
      await after.register(id);
    });
    const beat = async (told: 'RUNNING' | 'PAUSED' | 'STOPPING') => {
      const desired = after.workerCalls.heartbeat(after.worker(id), id, 1n, told);
      await settle();
      return [desired, after.state(id)];
    };

    test('follows what it says first, once', async () => {
      expect(await beat('STOPPING')).toEqual(['RUNNING', 'RUNNING']);
      expect(await beat('PAUSED')).toEqual(['PAUSED', 'PAUSED']);
      expect(await beat('RUNNING')).toEqual(['PAUSED', 'PAUSED']);
    });

    test('follows no heartbeat any more once it has been told to pause', async () => {
      const pausing = after.control.run(
        { principal: { name: 'me' }, signal: new AbortController().signal },
        { simulationId: id, command: { name: 'pause' }, requestId: '', wait: true, fingerprint: '' },
      );
      await settle();
      await after.acknowledge(after.lastCommand());
      await pausing;
      expect(await beat('RUNNING')).toEqual(['PAUSED', 'PAUSED']);
    });
  });
});

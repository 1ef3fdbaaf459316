import { beforeEach, describe, expect, test } from 'vitest';
import { parseSimulationId } from '../../../../src/domain/ids.ts';
import { ShoalError } from '../../../../src/domain/shoal-error.ts';
import type { WorkerLaunch } from '../../../../src/domain/worker-type.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakePlan, fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

describe('launching a worker', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  test('goes by PENDING and STARTING to RUNNING, once the worker registers', async () => {
    const id = await domain.launch({ simulationId: 'reef-1' });
    expect(domain.history(id)).toEqual(['PENDING', 'STARTING']);
    await domain.clock.advance(500);
    await domain.register(id);
    expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'RUNNING']);
    expect(domain.simulation(id)).toMatchObject({
      workerId: 'w-1',
      incarnation: 1,
      restarts: 0,
      startedAtMs: domain.clock.nowMs() - 500,
      handle: { launcher: 'scripted', version: 1, data: { workerId: 'w-1' } },
    });
    expect(domain.events.map(({ kind }) => kind)).toEqual(['launched', 'registered']);
  });

  test('goes to PAUSED where the run is to start paused', async () => {
    const id = await domain.run({ startPaused: true });
    expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'PAUSED']);
  });

  test('tells the plugin all that the contract promises to a worker', async () => {
    const launches: WorkerLaunch[] = [];
    const plan = async (launch: WorkerLaunch) => {
      launches.push(launch);
      return fakePlan(launch);
    };
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { plan })] });
    const configBlob = { bytes: Uint8Array.of(1, 2), contentType: 'application/x-fish' };
    const request = domain.startRequest({ simulationId: 'reef-1', seed: 2n ** 64n - 1n, configBlob });
    await domain.start.run({ ...anyone(), traceparent: '00-aa-bb-01' }, request);
    await settle();
    expect(launches).toEqual([
      {
        workerId: 'w-1',
        simulationId: 'reef-1',
        incarnation: 1,
        token: 'token-1',
        files: { configFile: '/run/w-1/config', snapshotDir: '/snapshots/reef-1' },
        configContentType: 'application/x-fish',
        commandTransport: 'grpc',
        seed: 2n ** 64n - 1n,
        traceparent: '00-aa-bb-01',
      },
    ]);
    expect([...domain.runFiles.present]).toEqual([['w-1', configBlob]]);
  });

  test.each([
    ['auto', 'grpc'],
    ['nats', 'nats'],
    ['grpc', 'grpc'],
  ] as const)('uses the transport %s as %s', async (commandTransport, expected) => {
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { config: { commandTransport } })] });
    expect(domain.worker(await domain.launch()).transport).toBe(expected);
  });

  test('takes a worker that registers before the launcher has answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    domain.launcher.script = { answer: () => promise };
    const id = await domain.launch();
    await domain.register(id);
    expect(domain.state(id)).toBe('RUNNING');
    resolve();
    await domain.clock.advance(60_000);
    expect([domain.state(id), domain.simulation(id).handle === undefined, domain.clock.pending]).toEqual([
      'RUNNING',
      false,
      0,
    ]);
  });

  test('leaves a worker alone that registers just in time', async () => {
    const id = await domain.launch();
    await domain.clock.advance(9_999);
    await domain.register(id);
    await domain.clock.advance(60_000);
    expect([domain.state(id), domain.program(id).signals, domain.clock.pending]).toEqual(['RUNNING', [], 0]);
  });

  test('kills a worker that does not register in time, and says so', async () => {
    const id = await domain.launch();
    domain.program(id).write('waiting for nothing', 'stderr');
    await domain.clock.advance(9_999);
    expect([domain.state(id), domain.program(id).alive]).toEqual(['STARTING', true]);
    await domain.clock.advance(1);
    expect(domain.program(id).signals).toEqual(['SIGKILL']);
    expect(domain.simulation(id)).toMatchObject({
      state: 'FAILED',
      reason: 'REGISTER_TIMEOUT',
      exitSignal: 'SIGKILL',
      message:
        'it did not call RegisterWorker within 10000 ms (limits.register_timeout); ended by SIGKILL after 120 ms; last lines: waiting for nothing',
    });
  });

  test('counts the time to register from when the launcher has answered', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    domain.launcher.script = { answer: () => promise };
    const id = await domain.launch();
    await domain.clock.advance(60_000);
    resolve();
    await domain.clock.advance(9_999);
    expect(domain.state(id)).toBe('STARTING');
    await domain.clock.advance(1);
    expect(domain.state(id)).toBe('FAILED');
  });

  test.each([
    [{ code: 0 }, 'exited 0 after 120 ms; it wrote nothing'],
    [{ code: 3 }, 'exited 3 after 120 ms; it wrote nothing'],
    [{ signal: 'SIGSEGV' }, 'ended by SIGSEGV after 120 ms; it wrote nothing'],
  ])('fails when the worker ends before it registers: %j', async (exit, message) => {
    const id = await domain.launch();
    domain.program(id).exit(exit);
    await settle();
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'EXITED_BEFORE_REGISTERING', message });
    expect(domain.simulation(id).endedAtMs).toBe(domain.clock.nowMs());
  });

  test('ends COMPLETED when the running worker exits 0, and FAILED with its last words when it crashes', async () => {
    const good = await domain.run();
    const bad = await domain.run();
    for (const line of ['1', '2', '3', '4', '5', '6']) domain.program(bad).write(line);
    domain.program(good).exit({ code: 0 });
    domain.program(bad).exit({ code: 3 });
    await settle();
    expect(domain.simulation(good)).toMatchObject({ state: 'COMPLETED', reason: 'COMPLETED', exitCode: 0 });
    expect(domain.simulation(bad)).toMatchObject({
      state: 'FAILED',
      reason: 'WORKER_CRASHED',
      exitCode: 3,
      message: 'exited 3 after 120 ms; last lines: 2 | 3 | 4 | 5 | 6',
    });
    expect([...domain.runFiles.present]).toEqual([]);
  });

  test('says that it was launched before it says that it ended, also of a worker that is quicker than the launcher', async () => {
    domain.launcher.script = { answer: async (_plan, program) => program.exit({ code: 3 }) };
    const id = await domain.launch();
    expect(domain.events.map(({ kind }) => kind)).toEqual(['launched', 'ended']);
    expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'EXITED_BEFORE_REGISTERING', exitCode: 3 });
    await domain.clock.advance(60_000);
    expect([domain.clock.pending, domain.directory.all()]).toEqual([0, []]);
  });

  describe('that knows nothing of Shoal', () => {
    beforeEach(() => {
      domain = new DomainUnderTest({ types: [fakeWorkerType('plain', { registers: false, commands: ['stop'] })] });
    });

    test('is RUNNING at launch, for as long as it likes', async () => {
      const id = await domain.launch();
      expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'RUNNING']);
      await domain.clock.advance(3_600_000);
      expect([domain.state(id), domain.clock.pending]).toEqual(['RUNNING', 0]);
    });

    test.each([
      [{ code: 0 }, 'COMPLETED', 'COMPLETED'],
      [{ code: 3 }, 'FAILED', 'WORKER_CRASHED'],
      [{ signal: 'SIGKILL' }, 'FAILED', 'WORKER_CRASHED'],
    ])('ends by its exit %j as %s', async (exit, state, reason) => {
      const id = await domain.launch();
      domain.program(id).exit(exit);
      await settle();
      expect(domain.simulation(id)).toMatchObject({ state, reason });
    });

    test.each([
      [{ code: 0 }, 'COMPLETED'],
      [{ code: 3 }, 'FAILED'],
    ])('ends by its exit %j as %s also when that is quicker than the launcher', async (exit, state) => {
      domain.launcher.script = { answer: async (_plan, program) => program.exit(exit) };
      const id = await domain.launch();
      expect(domain.history(id)).toEqual(['PENDING', 'STARTING', 'RUNNING', state]);
    });

    test('is stopped by a signal, without a command', async () => {
      domain.launcher.script = { onSignal: (program) => program.exit({ signal: 'SIGTERM' }) };
      const id = await domain.launch();
      await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
      await settle();
      expect([domain.program(id).signals, domain.state(id), domain.channel.sent]).toEqual([['SIGTERM'], 'STOPPED', []]);
    });
  });

  describe('that fails', () => {
    const refused = new ShoalError('INVALID_ARGUMENT', 'there is no program fish-worker on PATH');

    const failures: [string, string, (domain: DomainUnderTest) => void][] = [
      [
        'in the launcher',
        refused.message,
        ({ launcher }) => Object.assign(launcher, { script: { answer: () => Promise.reject(refused) } }),
      ],
      [
        'in the run files',
        'internal error; the daemon log has the details',
        ({ runFiles }) => Object.assign(runFiles, { failure: new Error('ENOSPC') }),
      ],
    ];

    test.each(failures)(
      '%s shows as FAILED with the reason, and leaves nothing behind',
      async (_where, message, arrange) => {
        arrange(domain);
        const id = await domain.launch();
        expect(domain.simulation(id)).toMatchObject({
          state: 'FAILED',
          reason: 'LAUNCH_FAILED',
          message,
          endedAtMs: domain.clock.nowMs(),
        });
        expect(domain.events.map(({ kind }) => kind)).toEqual(['launch-failed']);
        expect([domain.directory.all(), domain.clock.pending, [...domain.runFiles.present]]).toEqual([[], 0, []]);
        expect(domain.directory.byToken('token-1')).toBeUndefined();
        await domain.supervisor.stopAll({ force: false });
      },
    );

    test.each([
      [refused, refused.message],
      [new TypeError('plugin bug'), 'internal error; the daemon log has the details'],
    ])('in its plugin shows as FAILED: %s', async (thrown, message) => {
      domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { plan: () => Promise.reject(thrown) })] });
      const id = await domain.launch();
      expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'LAUNCH_FAILED', message });
    });

    test('for want of a worker type or a record says so, or nothing', async () => {
      const id = await domain.run();
      await domain.registry.change(id, (present) => ({ ...present, state: 'RESTARTING', workerType: 'gone' }));
      await domain.supervisor.launch(id);
      expect(domain.simulation(id)).toMatchObject({ state: 'FAILED', reason: 'LAUNCH_FAILED' });
      const before = domain.events.length;
      await expect(domain.supervisor.launch(parseSimulationId('nobody'))).resolves.toBeUndefined();
      expect(domain.events).toHaveLength(before);
    });

    test('gives its place back', async () => {
      domain = new DomainUnderTest({ limits: { maxSimulations: 1 } });
      domain.launcher.script = { answer: () => Promise.reject(refused) };
      await domain.launch();
      domain.launcher.script = {};
      expect(domain.state(await domain.run())).toBe('RUNNING');
    });

    test('also in cleaning up keeps the reason for which it failed', async () => {
      domain.launcher.script = { answer: () => Promise.reject(refused) };
      domain.runFiles.removalFailure = new Error('EBUSY');
      expect(domain.simulation(await domain.launch())).toMatchObject({ state: 'FAILED', message: refused.message });
    });
  });

  describe('over a store that fails', () => {
    let store: SlowRegistryStore;
    beforeEach(() => {
      store = new SlowRegistryStore();
      domain = new DomainUnderTest({ store });
    });

    test('before the launch, launches nothing and does not reject', async () => {
      store.pause = async ({ state }) => {
        if (state !== 'PENDING') throw new Error('store away');
      };
      const { simulation } = await domain.start.run(anyone(), domain.startRequest());
      await expect(domain.supervisor.launch(simulation.id)).resolves.toBeUndefined();
      await settle();
      expect([domain.launcher.programs, domain.directory.all()]).toEqual([[], []]);
    });

    test('when the launcher has answered, does not leave a worker running that nobody supervises', async () => {
      store.pause = async ({ handle }) => {
        if (handle !== undefined) throw new Error('store away');
      };
      const id = await domain.launch();
      expect([domain.launcher.programs.length, domain.launcher.alive]).toEqual([1, []]);
      await domain.clock.advance(2_000);
      expect([domain.state(id), domain.clock.pending]).toEqual(['FAILED', 0]);
    });

    test('when the worker ends, still lets go of the worker', async () => {
      const id = await domain.run();
      const { gone } = domain.worker(id);
      store.pause = () => Promise.reject(new Error('store away'));
      domain.program(id).exit({ code: 0 });
      await gone;
      await domain.clock.advance(60_000);
      expect([domain.directory.all(), domain.clock.pending, [...domain.runFiles.present]]).toEqual([[], 0, []]);
    });
  });

  test('keeps what its latest worker wrote, for as long as the record is kept', async () => {
    domain = new DomainUnderTest({ limits: { maxFinalSimulations: 0, outputLines: 2 } });
    const id = await domain.run();
    const words = () =>
      domain.outputs
        .find(id)
        ?.last(9)
        .map(({ text }) => text);
    for (const line of ['1', '2', '3']) domain.program(id).write(line);
    expect(words()).toEqual(['2', '3']);
    const replaced = domain.supervisor.replaceWorker(id, {});
    await settle();
    domain.program(id).exit({ code: 0 });
    await replaced;
    domain.program(id).write('again');
    domain.program(id).exit({ code: 3 });
    await settle();
    expect(words()).toEqual(['again']);
    await domain.launch();
    expect(domain.outputs.find(id)).toBeUndefined();
  });

  test('that ends with files that cannot be removed harms nobody', async () => {
    const id = await domain.run();
    domain.runFiles.removalFailure = new Error('EBUSY');
    domain.program(id).exit({ code: 0 });
    await settle();
    expect(domain.state(id)).toBe('COMPLETED');
  });
});

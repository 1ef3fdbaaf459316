import { beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../../src/adapters/grpc/proto-loading.ts';
import type { SimulationId } from '../../../../src/domain/ids.ts';
import type { Simulation } from '../../../../src/domain/simulation/simulation.ts';
import type { Delivery } from '../../../../src/ports/command-channel.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

describe('stopping', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  async function stop(id: SimulationId, graceMs = 1_000, force = false): Promise<void> {
    await domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force, graceMs });
    await settle();
  }

  test('asks by command, sends the signal after graceMs, and SIGKILL after graceMs more', async () => {
    const id = await domain.run();
    const { signals } = domain.program(id);
    await stop(id, 1_000);
    expect([domain.state(id), domain.channel.keys, signals]).toEqual(['STOPPING', ['stop_worker'], []]);
    await domain.clock.advance(999);
    expect(signals).toEqual([]);
    await domain.clock.advance(1);
    expect(signals).toEqual(['SIGTERM']);
    await domain.clock.advance(999);
    expect([signals, domain.state(id)]).toEqual([['SIGTERM'], 'STOPPING']);
    await domain.clock.advance(1);
    expect([signals, domain.state(id)]).toEqual([['SIGTERM', 'SIGKILL'], 'STOPPED']);
    expect(domain.channel.keys).toEqual(['stop_worker']);
    await domain.clock.advance(2_000);
    expect(domain.clock.pending).toBe(0);
  });

  test('sends the signal of the worker type', async () => {
    const types = [fakeWorkerType('fish', { config: { stop: { graceMs: 1, signal: 'SIGINT' } } })];
    domain = new DomainUnderTest({ types });
    const id = await domain.run();
    await stop(id, 100);
    await domain.clock.advance(100);
    expect(domain.program(id).signals).toEqual(['SIGINT']);
  });

  test('tells the worker how long it has', async () => {
    const id = await domain.run();
    await domain.supervisor.stop(id, 'SHUTDOWN', { force: false, graceMs: 2_500, commandId: domain.ids.eventId() });
    await settle();
    const [sent] = domain.channel.sent;
    expect([sent?.id, sent?.envelope.simulationId]).toEqual(['e-1', id]);
    const { StopCommand } = loadProtos().tree.fes.orchestration.v1;
    expect(StopCommand.deserialize(sent?.envelope.eventPayload ?? Buffer.alloc(0))).toEqual({
      force: false,
      grace: { seconds: '2', nanos: 500_000_000 },
    });
  });

  test.each([
    [{ code: 0 }, { exitCode: 0 }],
    [{ code: 3 }, { exitCode: 3 }],
    [{ signal: 'SIGSEGV' }, { exitSignal: 'SIGSEGV' }],
  ])('is done when the worker obeys, whatever its exit: %j', async (exit, facts) => {
    const id = await domain.run();
    await stop(id);
    domain.program(id).exit(exit);
    await settle();
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'STOPPED_BY_REQUEST', ...facts });
    // What is left is the time that its token outlives it.
    expect([domain.clock.pending, domain.clock.nextInMs]).toEqual([1, 2_000]);
    await domain.clock.advance(60_000);
    expect([domain.program(id).signals, domain.clock.pending]).toEqual([[], 0]);
  });

  test('is done when the worker obeys the signal', async () => {
    domain.launcher.script = { onSignal: (program) => program.exit({ signal: 'SIGTERM' }) };
    const id = await domain.run();
    await stop(id);
    await domain.clock.advance(60_000);
    expect([domain.program(id).signals, domain.state(id), domain.clock.pending]).toEqual([['SIGTERM'], 'STOPPED', 0]);
  });

  test('by force sends SIGKILL at once and nothing else', async () => {
    const id = await domain.run();
    await stop(id, 60_000, true);
    expect([domain.program(id).signals, domain.channel.sent, domain.state(id)]).toEqual([['SIGKILL'], [], 'STOPPED']);
  });

  test('sends nothing more after SIGKILL, however long the system takes, and whatever is asked', async () => {
    domain.launcher.script = { onKill: () => {} };
    const id = await domain.run();
    await stop(id, 1_000);
    await stop(id, 1_000, true);
    await stop(id, 500, true);
    await stop(id, 500);
    await domain.clock.advance(60_000);
    expect([domain.program(id).signals, domain.state(id), domain.clock.pending]).toEqual([['SIGKILL'], 'STOPPING', 0]);
  });

  test('keeps the reason of whoever stops', async () => {
    const id = await domain.run();
    await domain.supervisor.stop(id, 'SHUTDOWN', { force: true, graceMs: 0 });
    await settle();
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'SHUTDOWN' });
  });

  describe('leaves out the command', () => {
    test('for a worker that is not reached', async () => {
      domain.channel.answer = async () => 'unreachable';
      const id = await domain.run();
      await stop(id);
      expect([domain.channel.keys, domain.program(id).signals]).toEqual([['stop_worker'], ['SIGTERM']]);
      await domain.clock.advance(1_000);
      expect(domain.program(id).signals).toEqual(['SIGTERM', 'SIGKILL']);
    });

    test('for a worker whose channel fails', async () => {
      domain.channel.answer = () => Promise.reject(new Error('not connected'));
      const id = await domain.run();
      await stop(id);
      expect(domain.program(id).signals).toEqual(['SIGTERM']);
    });

    test('for a worker that has not registered', async () => {
      const id = await domain.launch();
      await stop(id);
      expect([domain.channel.sent, domain.program(id).signals, domain.state(id)]).toEqual([
        [],
        ['SIGTERM'],
        'STOPPING',
      ]);
    });

    test('for a worker that does not understand stop', async () => {
      const id = await domain.launch();
      await domain.register(id, ['pause']);
      await stop(id);
      expect([domain.channel.sent, domain.program(id).signals]).toEqual([[], ['SIGTERM']]);
    });
  });

  test('does not begin again when it turns out late that the worker was not reached', async () => {
    const { promise, resolve } = Promise.withResolvers<Delivery>();
    domain.channel.answer = () => promise;
    const id = await domain.run();
    await stop(id, 1_000);
    await domain.clock.advance(1_500);
    resolve('unreachable');
    await domain.clock.advance(499);
    expect(domain.program(id).signals).toEqual(['SIGTERM']);
    await domain.clock.advance(1);
    expect(domain.program(id).signals).toEqual(['SIGTERM', 'SIGKILL']);
  });

  describe('asked for again', () => {
    test('gives no more time, however often and patiently', async () => {
      const id = await domain.run();
      await stop(id, 1_000);
      for (let at = 0; at < 4; at += 1) {
        await domain.clock.advance(400);
        await stop(id, 60_000);
      }
      expect(domain.program(id).signals).toEqual(['SIGTERM']);
      await domain.clock.advance(400);
      expect([domain.program(id).signals, domain.channel.keys]).toEqual([['SIGTERM', 'SIGKILL'], ['stop_worker']]);
    });

    test('with less patience gives less time', async () => {
      const id = await domain.run();
      await stop(id, 60_000);
      await domain.clock.advance(1_000);
      await stop(id, 500);
      await domain.clock.advance(500);
      expect(domain.program(id).signals).toEqual(['SIGTERM']);
      await domain.clock.advance(500);
      expect(domain.program(id).signals).toEqual(['SIGTERM', 'SIGKILL']);
    });

    test('by force ends it at once, before and after the signal', async () => {
      const asked = await domain.run();
      const signalled = await domain.run();
      await stop(signalled, 1_000);
      await domain.clock.advance(1_000);
      await stop(asked, 1_000);
      await stop(asked, 1_000, true);
      await stop(signalled, 1_000, true);
      expect([domain.program(asked).signals, domain.program(signalled).signals]).toEqual([
        ['SIGKILL'],
        ['SIGTERM', 'SIGKILL'],
      ]);
    });

    test('without force after force does not take it back', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      domain.launcher.script = { answer: () => promise };
      const id = await domain.launch();
      await stop(id, 1_000, true);
      await stop(id, 1_000, false);
      resolve();
      await settle();
      expect([domain.program(id).signals, domain.state(id)]).toEqual([['SIGKILL'], 'STOPPED']);
    });

    test('keeps the first reason', async () => {
      const id = await domain.run();
      await stop(id);
      await domain.supervisor.stop(id, 'SHUTDOWN', { force: true, graceMs: 0 });
      await settle();
      expect(domain.simulation(id).reason).toBe('STOPPED_BY_REQUEST');
    });

    test('when it has ended changes nothing', async () => {
      const id = await domain.run();
      domain.program(id).exit({ code: 0 });
      await settle();
      const before = domain.simulation(id);
      await stop(id, 0, true);
      expect([domain.simulation(id), domain.program(id).signals]).toEqual([before, []]);
    });
  });

  describe('before the launcher has answered', () => {
    let answer: PromiseWithResolvers<void>;
    beforeEach(() => {
      answer = Promise.withResolvers();
      domain.launcher.script = { answer: () => answer.promise };
    });

    test('is carried out when it has', async () => {
      const id = await domain.launch();
      await stop(id, 1_000);
      expect(domain.state(id)).toBe('STOPPING');
      answer.resolve();
      await settle();
      expect(domain.program(id).signals).toEqual(['SIGTERM']);
      await domain.clock.advance(1_000);
      expect([domain.program(id).signals, domain.history(id)]).toEqual([
        ['SIGTERM', 'SIGKILL'],
        ['PENDING', 'STARTING', 'STOPPING', 'STOPPED'],
      ]);
    });

    test('is done when the launch then fails', async () => {
      const id = await domain.launch();
      await stop(id);
      answer.reject(new Error('no such file'));
      await settle();
      expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'STOPPED_BY_REQUEST' });
      expect(domain.clock.pending).toBe(0);
    });
  });

  test('in PENDING ends at once, and nothing is launched or said to have failed', async () => {
    const store = new SlowRegistryStore();
    domain = new DomainUnderTest({ store });
    const { promise, resolve } = Promise.withResolvers<void>();
    const { id } = await domain.registry.create(pending()).then(({ simulation }) => simulation);
    store.pause = () => promise;
    const stopped = domain.supervisor.stop(id, 'STOPPED_BY_REQUEST', { force: false, graceMs: 1_000 });
    const launched = domain.supervisor.launch(id);
    resolve();
    await Promise.all([stopped, launched]);
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'STOPPED_BY_REQUEST' });
    expect([domain.launcher.programs, domain.directory.all(), domain.events]).toEqual([[], [], []]);
  });

  test('leaves the worker all of its grace, though it no longer sends heartbeats', async () => {
    const id = await domain.run();
    domain.workerCalls.heartbeat(domain.worker(id), id, 1n);
    await stop(id, 60_000);
    domain.workerCalls.heartbeat(domain.worker(id), id, 2n);
    await domain.clock.advance(59_999);
    expect(domain.program(id).signals).toEqual([]);
    await domain.clock.advance(1);
    expect(domain.program(id).signals).toEqual(['SIGTERM']);
  });

  test('leaves a worker that has not registered all of its grace', async () => {
    const id = await domain.launch();
    await stop(id, 60_000);
    await domain.clock.advance(59_999);
    expect(domain.program(id).signals).toEqual(['SIGTERM']);
    await domain.clock.advance(1);
    expect(domain.program(id).signals).toEqual(['SIGTERM', 'SIGKILL']);
    expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'STOPPED_BY_REQUEST' });
  });

  test('of what there is not fails', async () => {
    await expect(stop('nobody' as SimulationId)).rejects.toMatchObject({ code: 'SIMULATION_NOT_FOUND' });
  });

  describe('all', () => {
    const all = (force = false) => domain.supervisor.stopAll({ force });

    test('stops every simulation, with the grace of its type, and waits until no worker is left', async () => {
      const types = [
        fakeWorkerType('fish', { config: { stop: { graceMs: 1_000, signal: 'SIGTERM' } } }),
        fakeWorkerType('whale', { config: { stop: { graceMs: 3_000, signal: 'SIGINT' } } }),
      ];
      domain = new DomainUnderTest({ types });
      const fish = await domain.run({ workerType: 'fish' });
      const whale = await domain.run({ workerType: 'whale' });
      const starting = await domain.launch({ workerType: 'fish' });
      let isOver = false;
      const over = all().then(() => {
        isOver = true;
      });
      await domain.clock.advance(2_000);
      expect([fish, whale, starting].map((id) => domain.state(id))).toEqual(['STOPPED', 'STOPPING', 'STOPPED']);
      await domain.clock.advance(3_999);
      expect(isOver).toBe(false);
      await domain.clock.advance(1);
      await over;
      expect([fish, whale, starting].map((id) => domain.simulation(id).reason)).toEqual(Array(3).fill('SHUTDOWN'));
      expect([domain.program(whale).signals, domain.launcher.alive]).toEqual([['SIGINT', 'SIGKILL'], []]);
      await domain.clock.advance(2_000);
      expect([domain.clock.pending, domain.directory.all()]).toEqual([0, []]);
    });

    test('by force, also while a patient stop is under way, ends them at once', async () => {
      const ids = [await domain.run(), await domain.run(), await domain.launch()];
      const patient = all();
      await settle();
      await all(true);
      await patient;
      expect(ids.map((id) => domain.state(id))).toEqual(['STOPPED', 'STOPPED', 'STOPPED']);
      for (const id of ids) expect(domain.program(id).signals.at(-1)).toBe('SIGKILL');
    });

    test('asks all at once, not one after another', async () => {
      const store = new SlowRegistryStore();
      domain = new DomainUnderTest({ store });
      for (let at = 0; at < 20; at += 1) await domain.run();
      store.pause = () => new Promise((resolve) => domain.clock.after(100, resolve));
      const over = all();
      await domain.clock.advance(200);
      expect(domain.channel.keys).toEqual(Array(20).fill('stop_worker'));
      for (const program of domain.launcher.alive) program.exit({ code: 0 });
      await domain.clock.advance(200);
      await over;
    });

    test('waits for a worker that is still being launched', async () => {
      const { promise, resolve } = Promise.withResolvers<void>();
      domain.launcher.script = { answer: () => promise };
      const id = await domain.launch();
      let isOver = false;
      const over = all().then(() => {
        isOver = true;
      });
      await domain.clock.advance(60_000);
      expect(isOver).toBe(false);
      resolve();
      await domain.clock.advance(10_000);
      await over;
      expect([domain.state(id), domain.launcher.alive]).toEqual(['STOPPED', []]);
    });

    test('does not wait for a worker whose launch fails', async () => {
      const { promise, reject } = Promise.withResolvers<void>();
      domain.launcher.script = { answer: () => promise };
      const id = await domain.launch();
      const over = all();
      await settle();
      reject(new Error('no such program'));
      await over;
      expect(domain.simulation(id)).toMatchObject({ state: 'STOPPED', reason: 'SHUTDOWN' });
    });

    test('stops the rest also when one record cannot be written, and ends that worker too', async () => {
      const store = new SlowRegistryStore();
      domain = new DomainUnderTest({ store });
      const stuck = await domain.run();
      const other = await domain.run();
      store.pause = async ({ id }) => {
        if (id === stuck) throw new Error('store away');
      };
      const over = all();
      await domain.clock.advance(20_000);
      await over;
      expect([domain.launcher.alive, domain.state(other)]).toEqual([[], 'STOPPED']);
    });

    test('waits until the files of the workers are gone', async () => {
      const id = await domain.run();
      const removing = Promise.withResolvers<void>();
      const { runFiles } = domain;
      const remove = runFiles.remove.bind(runFiles);
      runFiles.remove = async (workerId) => {
        await removing.promise;
        await remove(workerId);
      };
      let isOver = false;
      const over = all(true).then(() => {
        isOver = true;
      });
      await settle();
      expect([domain.state(id), isOver]).toEqual(['STOPPED', false]);
      removing.resolve();
      await over;
      expect([...runFiles.present]).toEqual([]);
    });

    test('also stops what is being recorded as it begins: nothing more is launched', async () => {
      const store = new SlowRegistryStore();
      domain = new DomainUnderTest({ store });
      const recording = Promise.withResolvers<void>();
      store.pause = () => recording.promise;
      const started = domain.start.run(anyone(), domain.startRequest());
      await settle();
      await all();
      recording.resolve();
      const { simulation } = await started;
      await settle();
      expect(domain.simulation(simulation.id)).toMatchObject({ state: 'STOPPED', reason: 'SHUTDOWN' });
      expect(domain.launcher.programs).toEqual([]);
    });

    test('is over at once when there is nothing', async () => {
      await expect(all()).resolves.toBeUndefined();
    });
  });

  function pending(): Simulation {
    return {
      id: domain.ids.simulationId(),
      workerType: 'fish',
      state: 'PENDING',
      labels: {},
      configuration: { bytes: new Uint8Array(0), contentType: 'application/json' },
      startPaused: false,
      ownerId: 'shoal-test',
      createdAtMs: 0,
      incarnation: 0,
      restarts: 0,
    };
  }
});

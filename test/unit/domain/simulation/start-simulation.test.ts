import { beforeEach, describe, expect, test } from 'vitest';
import { invalidArgument, ShoalError } from '../../../../src/domain/shoal-error.ts';
import type { StartRequest } from '../../../../src/domain/simulation/start-simulation.ts';
import { anyone, DomainUnderTest } from '../../../support/fakes/domain-under-test.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { SlowRegistryStore } from '../../../support/fakes/slow-registry-store.ts';

describe('starting a simulation', () => {
  let domain: DomainUnderTest;
  beforeEach(() => {
    domain = new DomainUnderTest();
  });

  const start = (request: Partial<StartRequest> = {}, caller = 'anonymous') =>
    domain.start.run(anyone(caller), domain.startRequest(request));
  const ids = () => [...domain.registry.simulations()].map(({ id }) => id as string);

  test('answers when the run is recorded, with what was asked for', async () => {
    const { simulation, figures } = await start({
      simulationId: 'reef-1',
      labels: { owner: 'mira' },
      seed: 7n,
      startPaused: true,
    });
    expect(simulation).toMatchObject({
      id: 'reef-1',
      workerType: 'fish',
      labels: { owner: 'mira' },
      seed: 7n,
      startPaused: true,
      ownerId: 'shoal-test',
      createdAtMs: domain.clock.nowMs(),
      restarts: 0,
    });
    expect(figures).toEqual({ lastTick: 0n, eventsReceived: 0, eventsLogged: 0 });
    expect(domain.history(simulation.id)[0]).toBe('PENDING');
  });

  test('makes up an id where none is given', async () => {
    expect([(await start()).simulation.id, (await start()).simulation.id]).toEqual(['sim-1', 'sim-2']);
  });

  test.each([
    [{}, '{}', 'application/json'],
    [{ config: { size: 3, name: 'é' } }, '{"size":3,"name":"é"}', 'application/json'],
    [
      { config: { big: 2 ** 53, small: -0, list: [1.5, null] } },
      '{"big":9007199254740992,"small":0,"list":[1.5,null]}',
      'application/json',
    ],
    [{ configBlob: { bytes: Buffer.from('raw'), contentType: 'x/y' } }, 'raw', 'x/y'],
  ])('hands on the configuration %j', async (request, text, contentType) => {
    const { simulation } = await start(request);
    expect([Buffer.from(simulation.configuration.bytes).toString(), simulation.configuration.contentType]).toEqual([
      text,
      contentType,
    ]);
  });

  test.each<[string, Partial<StartRequest>, string, string]>([
    ['a bad id', { simulationId: 'a b' }, 'INVALID_ARGUMENT', 'simulation_id'],
    ['a bad label', { labels: { 'a b': '' } }, 'INVALID_ARGUMENT', 'labels'],
    [
      'too many labels',
      { labels: Object.fromEntries(Array.from({ length: 17 }, (_, at) => [`l${at}`, ''])) },
      'INVALID_ARGUMENT',
      'labels',
    ],
    [
      'two configurations',
      { config: {}, configBlob: { bytes: Buffer.alloc(1), contentType: 'x/y' } },
      'INVALID_ARGUMENT',
      'config',
    ],
    ['too large a configuration', { config: { text: 'x'.repeat(65_536) } }, 'INVALID_ARGUMENT', 'config'],
    [
      'too large a blob',
      { configBlob: { bytes: Buffer.alloc(65_537), contentType: 'x/y' } },
      'INVALID_ARGUMENT',
      'config_blob',
    ],
    ['an infinite number', { config: { deep: { size: Number.POSITIVE_INFINITY } } }, 'INVALID_ARGUMENT', 'config.size'],
    ['no number', { config: { size: Number.NaN } }, 'INVALID_ARGUMENT', 'config.size'],
    ['an unknown worker type', { workerType: 'whale' }, 'WORKER_TYPE_UNKNOWN', 'worker_type'],
  ])('refuses %s and records nothing', async (_what, request, code, field) => {
    await expect(start(request)).rejects.toMatchObject({ code, metadata: { field } });
    expect([ids(), domain.changes]).toEqual([[], []]);
  });

  test('takes a configuration of just the greatest size', async () => {
    await expect(start({ configBlob: { bytes: Buffer.alloc(65_536), contentType: 'x/y' } })).resolves.toBeDefined();
  });

  test('has the worker type check a configuration, but not a blob', async () => {
    const checkRunConfig = (config: unknown) => {
      throw invalidArgument('config.size', `not in ${JSON.stringify(config)}`);
    };
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { checkRunConfig })] });
    await expect(start({ config: { a: 1 } })).rejects.toThrow('not in {"a":1}');
    await expect(start()).rejects.toThrow('not in {}');
    await expect(start({ configBlob: { bytes: Buffer.alloc(1), contentType: 'x/y' } })).resolves.toBeDefined();
  });

  test('refuses to start paused what knows no pause', async () => {
    domain = new DomainUnderTest({ types: [fakeWorkerType('plain', { registers: false, commands: ['stop'] })] });
    await expect(start({ startPaused: true })).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'start_paused' },
    });
    await expect(start()).resolves.toBeDefined();
  });

  test('says which worker types there are, and why one is not available', async () => {
    const availability = { available: false, reason: 'plugin ./fish.ts: no such file' } as const;
    domain = new DomainUnderTest({ types: [fakeWorkerType('fish', { availability }), fakeWorkerType('whale')] });
    await expect(start({ workerType: 'shark' })).rejects.toThrow(
      'there is no worker type "shark"; there is fish, whale',
    );
    await expect(start()).rejects.toThrow('fish is not available: plugin ./fish.ts: no such file');
  });

  test('never gives an id twice while it is remembered, also when it has ended', async () => {
    const { simulation } = await start({ simulationId: 'reef-1' });
    await expect(start({ simulationId: 'reef-1' })).rejects.toMatchObject({ code: 'SIMULATION_EXISTS' });
    await settle();
    domain.program(simulation.id).exit({ code: 3 });
    await settle();
    await expect(start({ simulationId: 'reef-1' })).rejects.toMatchObject({ code: 'SIMULATION_EXISTS' });
  });

  test('lets one of many starts of an id at once win', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 5 }, () => start({ simulationId: 'reef-1' })));
    expect(outcomes.map(({ status }) => status).sort()).toEqual([
      'fulfilled',
      'rejected',
      'rejected',
      'rejected',
      'rejected',
    ]);
    await settle();
    expect(domain.launcher.programs).toHaveLength(1);
  });

  test('fills the places exactly, however many come at once and however slow the store', async () => {
    const store = new SlowRegistryStore();
    store.pause = () => settle();
    const types = [
      fakeWorkerType('fish', { config: { limits: { maxWorkers: 3, registerTimeoutMs: 1, stallTimeoutMs: 0 } } }),
      fakeWorkerType('whale'),
    ];
    domain = new DomainUnderTest({ store, types, limits: { maxSimulations: 5 } });
    const outcomes = await Promise.allSettled([
      ...Array.from({ length: 5 }, () => start({ workerType: 'fish' })),
      ...Array.from({ length: 5 }, () => start({ workerType: 'whale' })),
    ]);
    const limits = outcomes.flatMap((each) => (each.status === 'rejected' ? [each.reason.metadata.limit] : []));
    expect(limits).toEqual([
      ...Array(2).fill('worker_types[fish].limits.max_workers'),
      ...Array(3).fill('limits.max_simulations'),
    ]);
    expect(ids()).toHaveLength(5);
  });

  test('has room again when a simulation ends', async () => {
    domain = new DomainUnderTest({ limits: { maxSimulations: 1 } });
    const id = await domain.run();
    await expect(start()).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
    domain.program(id).exit({ code: 0 });
    await settle();
    await expect(start()).resolves.toBeDefined();
  });

  test('is refused when the daemon takes no more, and by whoever may not', async () => {
    domain.refusal = new ShoalError('SHUTTING_DOWN', 'stopping');
    await expect(start()).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    const asked: unknown[] = [];
    domain = new DomainUnderTest({
      authorizer: {
        demand: (context, action) => {
          asked.push([context.principal.name, action]);
          throw new ShoalError('COMMAND_FORBIDDEN', 'not you');
        },
        permits: () => false,
      },
    });
    await expect(start({}, 'tom')).rejects.toMatchObject({ code: 'COMMAND_FORBIDDEN' });
    expect([asked, ids()]).toEqual([[['tom', 'start']], []]);
  });

  describe('with a request id', () => {
    const request = { requestId: 'r-1', fingerprint: 'body' };

    test('starts once, and answers again with how it stands now', async () => {
      const first = await start(request);
      await settle();
      await domain.register(first.simulation.id);
      const second = await start(request);
      expect([second.simulation.id, second.simulation.state]).toEqual([first.simulation.id, 'RUNNING']);
      expect(ids()).toHaveLength(1);
    });

    test('starts once also when both come at once', async () => {
      const [first, second] = await Promise.all([start(request), start(request)]);
      expect([first.simulation.id, ids()]).toEqual([second.simulation.id, [first.simulation.id as string]]);
    });

    test('is of one caller and of one body', async () => {
      await start(request);
      await start(request, 'mira');
      expect(ids()).toHaveLength(2);
      await expect(start({ ...request, fingerprint: 'other' })).rejects.toMatchObject({
        metadata: { field: 'request_id' },
      });
    });

    test('may be used again after a refusal', async () => {
      domain = new DomainUnderTest({ limits: { maxSimulations: 1 } });
      const id = await domain.run();
      await expect(start(request)).rejects.toMatchObject({ code: 'CAPACITY_EXHAUSTED' });
      domain.program(id).exit({ code: 0 });
      await settle();
      await expect(start(request)).resolves.toBeDefined();
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [
      puppetType(),
      puppetType({ name: 'small', limits: { max_workers: 1 } }),
      { name: 'lost', plugin: 'executable', options: { executable: './there-is-no-such-program' } },
      { name: 'broken', plugin: './no-such-plugin.js' },
    ],
    limits: { max_simulations: 12, max_labels: 2 },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

const start = (request: object) => daemon.client.start({ workerType: 'puppet', ...request });

describe('a started simulation', () => {
  test('is recorded with what was asked for, PENDING or later, and its worker launched once', async () => {
    const before = Date.now();
    const started = await start({ simulationId: 'asked', labels: { team: 'reef' }, seed: '18446744073709551615' });
    expect(started).toMatchObject({
      simulationId: 'asked',
      workerType: 'puppet',
      labels: { team: 'reef' },
      seed: '18446744073709551615',
      restarts: 0,
      eventsReceived: '0',
      eventsLogged: '0',
      lastTick: '0',
      orchestratorId: expect.stringMatching(/^shoal-/),
      endedAt: null,
    });
    expect(['SIMULATION_STATE_PENDING', 'SIMULATION_STATE_STARTING']).toContain(started.state);
    expect(Number(started.createdAt?.seconds) * 1000).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(await daemon.client.untilState('asked', 'STARTING')).toMatchObject({
      incarnation: 1,
      workerId: expect.stringMatching(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/),
    });
  });

  test('without an id gets one of its own', async () => {
    const [one, other] = [await start({}), await start({})];
    expect(one.simulationId).toMatch(/^[A-Za-z0-9][A-Za-z0-9_-]{0,127}$/);
    expect(other.simulationId).not.toBe(one.simulationId);
  });

  test('without a seed has none, and one with the seed 0 has that', async () => {
    expect((await start({ simulationId: 'seedless' })).seed).toBeUndefined();
    expect((await start({ simulationId: 'zero', seed: '0' })).seed).toBe('0');
  });

  test('with start_paused is PAUSED once its worker has registered, and the worker is told so', async () => {
    const puppet = await startPuppet(daemon, { startPaused: true });
    expect(await puppet.register()).toMatchObject({ desiredState: 'SIMULATION_STATE_PAUSED' });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ state: 'SIMULATION_STATE_PAUSED' });
  });

  test('whose program cannot be launched shows as FAILED with the reason', async () => {
    const { simulationId } = await start({ workerType: 'lost' });
    expect(await daemon.client.untilState(simulationId, 'FAILED')).toMatchObject({
      reason: 'LAUNCH_FAILED',
      message: expect.stringContaining('there-is-no-such-program'),
    });
  });
});

describe('StartSimulation refuses', () => {
  test.each([
    ['../etc', 'simulation_id'],
    ['a.b', 'simulation_id'],
    ['-a', 'simulation_id'],
    ['a\r\nPUB x', 'simulation_id'],
    ['ü', 'simulation_id'],
    ['a'.repeat(129), 'simulation_id'],
  ])('the id %j, which could not enter a subject, a path or an argument', async (simulationId, field) => {
    expect(await failureOf(start({ simulationId }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      reason: 'INVALID_ARGUMENT',
      domain: 'shoal',
      message: expect.stringContaining('simulation_id'),
      metadata: { field },
    });
  });

  test('an id that is in use, naming it', async () => {
    await start({ simulationId: 'twice' });
    expect(await failureOf(start({ simulationId: 'twice' }))).toMatchObject({
      code: 'ALREADY_EXISTS',
      reason: 'SIMULATION_EXISTS',
      metadata: { simulation_id: 'twice' },
    });
  });

  test('a worker type that is not configured, naming those that are', async () => {
    const failure = await failureOf(start({ workerType: 'whale' }));
    expect(failure).toMatchObject({ code: 'NOT_FOUND', reason: 'WORKER_TYPE_UNKNOWN' });
    expect(failure.metadata).toEqual({ field: 'worker_type', known: 'puppet, small, lost, broken' });
  });

  test('a worker type whose plugin could not be loaded, saying why', async () => {
    expect(await failureOf(start({ workerType: 'broken' }))).toMatchObject({
      reason: 'WORKER_TYPE_UNKNOWN',
      message: expect.stringMatching(/broken is not available: .*no-such-plugin\.js does not exist/),
    });
  });

  test.each([
    [{ 'no spaces': 'x' }, /no spaces/],
    [{ ok: 'no spaces' }, /labels\.ok/],
    [{ a: '1', b: '2', c: '3' }, /max_labels allows 2/],
  ])('the labels %j', async (labels, message) => {
    expect(await failureOf(start({ labels }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
    });
  });

  test('one more of a type than max_workers, naming the limit and recording nothing', async () => {
    await start({ workerType: 'small', simulationId: 'small-1' });
    expect(await failureOf(start({ workerType: 'small', simulationId: 'small-2' }))).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'CAPACITY_EXHAUSTED',
      metadata: { limit: 'worker_types[small].limits.max_workers', value: '1' },
    });
    expect(await failureOf(daemon.client.get('small-2'))).toMatchObject({ code: 'NOT_FOUND' });
  });

  test('one more than max_simulations; a place is free again once one has ended', async () => {
    let last = '';
    const full = async () => {
      for (;;) last = (await start({})).simulationId;
    };
    expect(await failureOf(full())).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      metadata: { limit: 'limits.max_simulations', value: '12' },
    });
    await daemon.client.control(last, { stop: { force: true } });
    await expect(start({})).resolves.toBeDefined();
  });

  test.each([
    ['no time at all', { seconds: 0 }],
    ['a negative time', { seconds: -1 }],
  ])('a max_run_time that is %s', async (_what, maxRunTime) => {
    expect(await failureOf(start({ maxRunTime }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'max_run_time' },
    });
  });
});

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failureOf } from '../../support/daemon/calls.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startPuppet, startRegistered } from '../../support/daemon/puppet.ts';

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [puppetType(), puppetType({ name: 'late', limits: { register_timeout: '300ms' } })],
    limits: { heartbeat_interval: '200ms', max_batch_events: 77, max_batch_bytes: '2MiB', max_in_flight_batches: 3 },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

describe('RegisterWorker', () => {
  test('makes the simulation RUNNING and tells the worker its limits and transport', async () => {
    const puppet = await startPuppet(daemon);
    expect(await puppet.register({ sdk: 'test/1', labels: { a: 'b' }, pid: 7 })).toEqual({
      commandTransport: 'grpc',
      commandSubject: '',
      natsUrls: [],
      heartbeatIntervalMs: 200,
      maxBatchEvents: 77,
      maxBatchBytes: 2 * 1024 * 1024,
      maxInFlightBatches: 3,
      maxEventBytes: 1_040_384,
      desiredState: 'SIMULATION_STATE_RUNNING',
      resumed: false,
      incarnation: 1,
      resumeAfterOrdinal: '0',
    });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({
      state: 'SIMULATION_STATE_RUNNING',
      ...puppet.ids,
    });
  });

  test('given again says resumed and changes nothing', async () => {
    const puppet = await startRegistered(daemon);
    const { state, workerId, incarnation } = await daemon.client.get(puppet.ids.simulationId);
    expect(await puppet.register()).toMatchObject({ resumed: true, desiredState: 'SIMULATION_STATE_RUNNING' });
    // Not the revision: the record of the launch may be written as late as this.
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ state, workerId, incarnation });
  });

  test('given twice at the same time registers once', async () => {
    const puppet = await startPuppet(daemon);
    const answers = await Promise.all([puppet.register(), puppet.register()]);
    expect(answers.map(({ resumed }) => resumed).sort()).toEqual([false, true]);
  });

  test('given again after a pause tells the worker that it ought to be PAUSED', async () => {
    const puppet = await startRegistered(daemon, { startPaused: true });
    expect(await puppet.register()).toMatchObject({ resumed: true, desiredState: 'SIMULATION_STATE_PAUSED' });
  });

  test('refuses a command that there is not, naming those that there are', async () => {
    const puppet = await startPuppet(daemon);
    expect(await failureOf(puppet.register({ supportedCommands: ['pause', 'fly'] }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(/"fly" is not one of pause, resume/),
      metadata: { field: 'supported_commands' },
    });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ state: 'SIMULATION_STATE_STARTING' });
  });

  test('that does not come in time is the end of the worker', async () => {
    const { ids } = await startPuppet(daemon, { workerType: 'late' });
    expect(await daemon.client.untilState(ids.simulationId, 'FAILED')).toMatchObject({
      reason: 'REGISTER_TIMEOUT',
      exitSignal: 'SIGKILL',
    });
  });
});

describe('Heartbeat', () => {
  test('tells the tick, and hears the desired state', async () => {
    const puppet = await startRegistered(daemon, { startPaused: true });
    expect(await puppet.heartbeat({ tick: '12345', gauges: { a: 1 } })).toEqual({
      desiredState: 'SIMULATION_STATE_PAUSED',
      heartbeatIntervalMs: 200,
    });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({ lastTick: '12345' });
  });

  test('before registration is FAILED_PRECONDITION', async () => {
    const puppet = await startPuppet(daemon);
    expect(await failureOf(puppet.heartbeat())).toMatchObject({
      code: 'FAILED_PRECONDITION',
      reason: 'NOT_REGISTERED',
    });
  });

  test('may be left out; but once one has been sent, three missed mean failed', async () => {
    const [silent, stopped] = [await startRegistered(daemon), await startRegistered(daemon)];
    const began = performance.now();
    await stopped.heartbeat();
    expect(await daemon.client.untilState(stopped.ids.simulationId, 'FAILED')).toMatchObject({
      reason: 'HEARTBEAT_LOST',
    });
    expect(performance.now() - began).toBeGreaterThanOrEqual(595);
    expect(await daemon.client.get(silent.ids.simulationId)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  });
});

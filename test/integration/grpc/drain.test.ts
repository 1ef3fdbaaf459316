import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { adminMethods } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

const health = loadProtos().tree.grpc.health.v1.Health.service;
const WORKER_TYPE = { workerType: 'puppet' };

let daemon: InProcessDaemon;
beforeEach(async () => {
  daemon = await startDaemon({ workerTypes: [puppetType()] });
});
afterEach(() => daemon[Symbol.asyncDispose]());

const drain = (deadline?: { seconds?: string; nanos?: number }) =>
  daemon.client.call(adminMethods.Drain, deadline === undefined ? {} : { deadline });
const undrain = () => daemon.client.call(adminMethods.Undrain, {});
const http = async (path: string) => {
  const response = await fetch(`http://${daemon.addresses.http}${path}`);
  return `${response.status} ${(await response.text()).trim()}`;
};
const loggedLines = (message: string) => daemon.log.lines.filter((line) => line.message === message);

describe('a daemon that drains', () => {
  test('refuses new simulations, says what to do, and records nothing', async () => {
    await startRegistered(daemon, { simulationId: 'present' });
    expect(await drain()).toEqual({ draining: true, remaining: 1 });
    expect(await failureOf(daemon.client.start({ ...WORKER_TYPE, simulationId: 'late' }))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'SHUTTING_DOWN',
      message: expect.stringContaining('shoal undrain'),
    });
    const { simulations } = await daemon.client.list();
    expect(simulations.map(({ simulationId }) => simulationId)).toEqual(['present']);
  });

  test('says so: in GetInfo, /readyz, the metrics and the log; gRPC health stays SERVING', async () => {
    await drain();
    expect(await daemon.client.info()).toMatchObject({ draining: true });
    expect(await http('/readyz')).toBe('503 not ready: draining');
    expect(await http('/healthz')).toBe('200 ok');
    expect(await http('/metrics')).toMatch(/^shoal_draining 1$/m);
    expect(await daemon.client.call(health.Check, { service: '' })).toEqual({ status: 'SERVING' });
    expect(loggedLines('draining: no new simulations are taken')).toHaveLength(1);
    expect(loggedLines('drained: no simulation is left')).toHaveLength(1);
  });

  test('answers a repeated request for what it had started before', async () => {
    const request = { ...WORKER_TYPE, requestId: 'r1' };
    const { simulationId } = await daemon.client.start(request);
    await drain();
    expect((await daemon.client.start(request)).simulationId).toBe(simulationId);
  });

  test('lets its simulations go on and be commanded', async () => {
    const puppet = await startRegistered(daemon);
    await drain();
    const { simulationId } = puppet.ids;
    expect(await daemon.client.control(simulationId, { stop: {} })).toMatchObject({ completed: true });
    expect(await drain()).toEqual({ draining: true, remaining: 0 });
  });

  test('does so twice as once, and takes simulations again when it is told to', async () => {
    await drain();
    expect(await drain()).toEqual({ draining: true, remaining: 0 });
    expect(loggedLines('draining: no new simulations are taken')).toHaveLength(1);
    expect(await undrain()).toEqual({ draining: false });
    expect(await undrain()).toEqual({ draining: false });
    expect(await http('/readyz')).toBe('200 ready');
    expect((await daemon.client.start(WORKER_TYPE)).simulationId).not.toBe('');
  });
});

describe('the deadline of a drain', () => {
  test('stops what is left, with the reason SHUTDOWN, and the daemon goes on', async () => {
    const { ids } = await startRegistered(daemon);
    await drain({ nanos: 100_000_000 });
    expect(await daemon.client.untilState(ids.simulationId, 'STOPPED')).toMatchObject({ reason: 'SHUTDOWN' });
    await until('it says that none is left', () => loggedLines('drained: no simulation is left').length === 1);
    expect(await daemon.client.info()).toMatchObject({ draining: true });
  });

  test('is replaced by another, stays when none is given, and is forgotten by undrain', async () => {
    const { ids } = await startRegistered(daemon);
    await drain({ seconds: '3600' });
    await drain({ nanos: 1 });
    await drain();
    await daemon.client.untilState(ids.simulationId, 'STOPPED');
    await undrain();
    const later = await startRegistered(daemon, { simulationId: 'later' });
    await drain({ nanos: 300_000_000 });
    await undrain();
    expect(loggedLines('drain ended: new simulations are taken again')).toHaveLength(2);
    // A pair of calls beyond the deadline that was forgotten.
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(await daemon.client.get(later.ids.simulationId)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  });

  test('that is negative is refused', async () => {
    expect(await failureOf(drain({ seconds: '-1' }))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'deadline' },
    });
    expect(await daemon.client.info()).toMatchObject({ draining: false });
  });
});

test('a daemon that stops is not undrained', async () => {
  await startRegistered(daemon);
  const stopped = daemon.stop();
  expect(await failureOf(undrain())).toMatchObject({ code: 'UNAVAILABLE', reason: 'SHUTTING_DOWN' });
  expect(await daemon.client.info()).toMatchObject({ draining: true });
  await stopped;
});

import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { failureOf } from '../../support/daemon/calls.ts';
import { envelope } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

const health = loadProtos().tree.grpc.health.v1.Health.service;

let daemon: InProcessDaemon;
beforeEach(async () => {
  // A worker that has a minute to obey: the daemon is stopping for as long as the test wants.
  daemon = await startDaemon({ workerTypes: [puppetType({ stop: { grace: '60s' } } as object)] });
});
afterEach(() => daemon[Symbol.asyncDispose]());

const readiness = async () => {
  const response = await fetch(`http://${daemon.addresses.http}/readyz`);
  return `${response.status} ${(await response.text()).trim()}`;
};

async function stoppingWithOneWorker() {
  const puppet = await startRegistered(daemon);
  const commands = puppet.receiveCommands();
  await commands.live;
  expect(await readiness()).toBe('200 ready');
  const stopped = daemon.stop();
  const [command] = await commands.count(1);
  expect(command?.eventTypeKey).toBe('orchestrator.control.stop_worker');
  return { puppet, stopped };
}

describe('while the daemon waits for its workers', () => {
  test('/readyz is 503, new simulations are UNAVAILABLE, and what there is can still be seen', async () => {
    const { puppet } = await stoppingWithOneWorker();
    expect(await readiness()).toBe('503 not ready: stopping');
    expect(await failureOf(daemon.client.start({ workerType: 'puppet' }))).toMatchObject({
      code: 'UNAVAILABLE',
      reason: 'SHUTTING_DOWN',
    });
    expect(await daemon.client.get(puppet.ids.simulationId)).toMatchObject({
      state: 'SIMULATION_STATE_STOPPING',
      reason: 'SHUTDOWN',
    });
  });

  test('health at the address for clients is NOT_SERVING, at the one for workers still SERVING', async () => {
    const { puppet } = await stoppingWithOneWorker();
    expect(await daemon.client.call(health.Check, { service: '' })).toEqual({ status: 'NOT_SERVING' });
    expect(await puppet.call(health.Check, { service: '' })).toEqual({ status: 'SERVING' });
  });

  test('workers still report their last events', async () => {
    const { puppet } = await stoppingWithOneWorker();
    expect(await puppet.reportEvent(envelope({ eventTypeKey: 'sim.a.v1' }))).toMatchObject({ logged: true });
  });

  test('being told again ends them at once', async () => {
    const { puppet, stopped } = await stoppingWithOneWorker();
    const began = performance.now();
    await daemon.stop();
    await stopped;
    expect(performance.now() - began).toBeLessThan(10_000);
    const ended = daemon.log.lines.find(({ message }) => message === 'worker ended');
    expect(ended?.fields).toMatchObject({ ...puppet.ids, detail: expect.stringContaining('SIGKILL') });
  });
});

test('a stopped daemon takes no connection any more, and stopped its parts in the order of the design', async () => {
  const { clients, workers, http } = daemon.addresses;
  await startRegistered(daemon);
  const stopping = daemon.stop();
  await Promise.all([stopping, daemon.stop()]);
  for (const address of [clients, workers, http]) await expect(fetch(`http://${address}/`)).rejects.toThrow();
  const parts = daemon.log.lines
    .filter(({ message }) => message === 'part stopped')
    .map(({ fields }) => fields['part']);
  const inOrder = [
    'readiness',
    'workers',
    'client grpc',
    'worker grpc',
    'registry',
    'in-memory event log',
    'http listener',
  ];
  expect(parts.filter((part) => inOrder.includes(String(part)))).toEqual(inOrder);
  await until('the log says so', () => daemon.log.lines.at(-1)?.message === 'stopped');
});

test('a run that takes longer than its max_run_time is stopped', async () => {
  const { simulationId } = await daemon.client.start({ workerType: 'puppet', maxRunTime: { nanos: 200_000_000 } });
  expect(await daemon.client.untilState(simulationId, 'STOPPED')).toMatchObject({ reason: 'MAX_RUN_TIME' });
});

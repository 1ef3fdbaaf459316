import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { startFake } from './fake-runs.ts';
import { fakeType, plainType } from './worker-types.ts';

/** Neither the command nor the signal ends it, and it has children in its group and beyond. */
const STUBBORN: FakeWorkerScript = { ignore: ['stop', 'SIGTERM'], children: ['group', 'session'] };
const SECOND = '1s';
const AN_HOUR = '1h';

let server: RunningNatsServer;
let daemon: ChildDaemon | undefined;
beforeEach(async () => {
  server = await startNatsServer();
});
afterEach(async () => {
  await daemon?.[Symbol.asyncDispose]();
  daemon = undefined;
  await server[Symbol.asyncDispose]();
});

async function twentyWorkers(grace: string): Promise<ChildDaemon> {
  const stop = { grace };
  const started = await spawnDaemon({ natsUrl: server.url, workerTypes: [fakeType({ stop }), plainType({ stop })] });
  daemon = started;
  const { client, folder } = started;
  const events = [{ key: 'fake.logged.v1', count: 1_000_000, prefix: 'e' }];
  const ids = [await startFake(client, STUBBORN)];
  for (let at = 0; at < 4; at += 1) ids.push(await startFake(client, { events, events_per_second: 200 }));
  for (let at = 0; at < 15; at += 1) ids.push((await client.start({ workerType: 'plain' })).simulationId);
  for (const id of ids) await client.untilState(id, 'RUNNING');
  await until('the children of the stubborn one run', () => processesMentioning(folder).length === 22);
  expect(await started.readiness()).toBe('200 ready');
  return started;
}

describe('SIGTERM with twenty running workers', () => {
  test('ends them all, the stubborn one with its children, in the order of the design, and exits 0', async () => {
    const { kill, exited, log, folder } = await twentyWorkers(SECOND);
    kill('SIGTERM');
    expect(await exited()).toEqual({ code: 0, signal: null });
    expect(processesMentioning(folder)).toEqual([]);
    const ended = log.filter(({ msg }) => msg === 'worker ended').map(({ detail }) => String(detail));
    expect(ended).toHaveLength(20);
    expect(ended.filter((detail) => detail.includes('exited 0'))).toHaveLength(4);
    expect(ended.filter((detail) => detail.includes('ended by SIGTERM'))).toHaveLength(15);
    expect(ended.filter((detail) => detail.includes('ended by SIGKILL'))).toHaveLength(1);
    const parts = log.filter(({ msg }) => msg === 'part stopped').map(({ part }) => part);
    const design = [
      'readiness',
      'workers',
      'client grpc',
      'worker grpc',
      'registry',
      'nats event log',
      'nats connection',
      'http listener',
    ];
    expect(parts.filter((part) => design.includes(String(part)))).toEqual(design);
    expect(log.filter(({ msg }) => msg === 'part did not stop in time' || msg === 'part failed to stop')).toEqual([]);
    expect(log.at(-1)?.msg).toBe('stopped');
  });

  test('is not ready from then on, and is visible until the end', async () => {
    const { kill, exited, readiness, client } = await twentyWorkers(SECOND);
    kill('SIGTERM');
    await until('it says that it is stopping', async () => (await readiness()) === '503 not ready: stopping');
    const { simulations } = await client.list({ states: ['SIMULATION_STATE_STOPPING'] });
    expect(simulations.map(({ reason }) => reason)).toContain('SHUTDOWN');
    expect((await exited()).code).toBe(0);
  });

  test('twice is faster: workers that would have had an hour are ended at once', async () => {
    const { kill, exited, log, folder } = await twentyWorkers(AN_HOUR);
    kill('SIGTERM');
    await until('it waits for the stubborn one', () => log.filter(({ msg }) => msg === 'worker ended').length >= 4);
    // One that follows at once is taken for an echo of the first.
    await delay(1_000);
    const began = performance.now();
    kill('SIGTERM');
    expect((await exited()).signal).toBeNull();
    expect(performance.now() - began).toBeLessThan(15_000);
    expect(processesMentioning(folder)).toEqual([]);
  });
});

import { afterEach, describe, expect, test } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import type { TestDaemonOptions } from '../../support/daemon/daemon-config.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { startFake } from './fake-runs.ts';
import { fakeType } from './worker-types.ts';

/** Hears neither the command nor the signal. */
const STUBBORN: FakeWorkerScript = { ignore: ['stop', 'SIGTERM'], children: ['group', 'session'] };
const AN_HOUR = '1h';

let daemon: ChildDaemon | undefined;
afterEach(async () => {
  await daemon?.[Symbol.asyncDispose]();
  daemon = undefined;
});

async function serve(options: TestDaemonOptions & { shutdown: object; grace?: string }): Promise<ChildDaemon> {
  const { shutdown, grace = AN_HOUR, ...rest } = options;
  daemon = await spawnDaemon({ workerTypes: [fakeType({ stop: { grace } })], sections: { shutdown }, ...rest });
  return daemon;
}

/** Sends SIGTERM and waits for the end. @returns how, and after how many ms */
async function terminate({ kill, exited }: ChildDaemon): Promise<{ code: number | null; tookMs: number }> {
  const began = performance.now();
  kill('SIGTERM');
  const { code } = await exited();
  return { code, tookMs: performance.now() - began };
}

const messages = ({ log }: ChildDaemon): string[] => log.map(({ msg }) => msg);

describe('SIGTERM ends all within shutdown.timeout', () => {
  test('with workers that hear nothing and would have an hour', async () => {
    const served = await serve({ shutdown: { timeout: '10s' } });
    const ids = [await startFake(served.client, STUBBORN), await startFake(served.client, STUBBORN)];
    for (const id of ids) await served.client.untilState(id, 'RUNNING');
    await until('their children run', () => processesMentioning(served.folder).length === 6);
    const { code, tookMs } = await terminate(served);
    expect(tookMs).toBeLessThan(15_000);
    expect(code).toBe(0);
    expect(processesMentioning(served.folder)).toEqual([]);
    expect(messages(served)).toContain('workers get less than their grace, for shutdown.timeout has no more');
  });

  test('with messaging away and events that nobody acknowledges', async () => {
    const server = await startNatsServer();
    const served = await serve({ shutdown: { timeout: '10s' }, natsUrl: server.url });
    const events = [{ key: 'fake.logged.v1', count: 1_000_000, prefix: 'e' }];
    const id = await startFake(served.client, { events, events_per_second: 500 });
    await until('it reports', async () => Number((await served.client.get(id)).eventsLogged) > 100);
    await server[Symbol.asyncDispose]();
    await until('it is not ready', async () => (await served.readiness()).startsWith('503'));
    const { code, tookMs } = await terminate(served);
    expect(tookMs).toBeLessThan(15_000);
    // Whether all was written is in the exit code, and what was not in the log.
    expect(code).toBe(messages(served).includes('stopped') ? 0 : 1);
    expect(processesMentioning(served.folder)).toEqual([]);
  });
});

describe('SIGTERM with shutdown.drain', () => {
  test('is not ready and takes no starts at once, lets runs end by themselves, and exits when the last has', async () => {
    const served = await serve({ shutdown: { drain: '60s', timeout: '90s' } });
    const events = [{ key: 'fake.logged.v1', count: 100, prefix: 'e' }];
    const id = await startFake(served.client, { events, events_per_second: 20, at_end: 'exit' });
    await served.client.untilState(id, 'RUNNING');
    const ended = terminate(served);
    await until('it is not ready', async () => (await served.readiness()) === '503 not ready: stopping');
    await expect(startFake(served.client, {})).rejects.toThrow('this daemon is stopping');
    const { code, tookMs } = await ended;
    expect([code, tookMs < 30_000]).toEqual([0, true]);
    const states = served.log.filter(
      ({ msg, simulationId }) => msg === 'simulation changed state' && simulationId === id,
    );
    expect(states.at(-1)).toMatchObject({ state: 'COMPLETED' });
  });

  test('stops what is left when it is over', async () => {
    const served = await serve({ shutdown: { drain: '1s', timeout: '30s' }, grace: '1s' });
    const id = await startFake(served.client, {});
    await served.client.untilState(id, 'RUNNING');
    const { code, tookMs } = await terminate(served);
    expect(code).toBe(0);
    expect(tookMs).toBeGreaterThan(1_000);
    const states = served.log.filter(
      ({ msg, simulationId }) => msg === 'simulation changed state' && simulationId === id,
    );
    expect(states.at(-1)).toMatchObject({ state: 'STOPPED', reason: 'SHUTDOWN' });
  });
});

import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { connect } from 'nats';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { type ConfigFolder, type TestDaemonOptions, writeConfig } from '../../support/daemon/daemon-config.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { until } from '../../support/daemon/until.ts';
import { startFake } from './fake-runs.ts';
import { readLog } from './log-reader.ts';
import { fakeType } from './worker-types.ts';

const COUNT = 6_000;
const events = (prefix: string) => [{ key: 'fake.logged.v1', count: COUNT, prefix }];

let binaries: string;
let files: ConfigFolder;
let daemon: ChildDaemon;
let url: string;
const pathBefore = process.env['PATH'];

function managed(address: string, messaging: object = {}): TestDaemonOptions {
  const nats = { managed: true, urls: [address], connect_timeout: '20s' };
  return { workerTypes: [fakeType()], sections: { messaging: { adapter: 'nats', nats, ...messaging } } };
}

/** The servers that were started for this data folder. */
const servers = () => processesMentioning(`SHOAL_MANAGED_NATS=${files.folder}`);

/** The message ids of what workers have reported, in the order of the log. */
async function messageIds(): Promise<string[]> {
  const connection = await connect({ servers: url });
  try {
    const reported = (await readLog(connection)).filter(({ subject }) => subject.endsWith('.fake.logged.v1'));
    return reported.map(({ messageId }) => messageId);
  } finally {
    await connection.close();
  }
}

async function logged(simulationId: string): Promise<void> {
  await until(
    `${simulationId} completes`,
    async () => (await daemon.client.get(simulationId)).state.endsWith('COMPLETED'),
    60_000,
  );
}

beforeAll(async () => {
  // Found on PATH under its own name, as a user's would be.
  binaries = await mkdtemp(join(tmpdir(), 'shoal-bin-'));
  await symlink(inject('natsServer').path, join(binaries, 'nats-server'));
  process.env['PATH'] = `${binaries}${delimiter}${pathBefore}`;
  url = `nats://127.0.0.1:${await freePort()}`;
  files = await writeConfig(managed(url));
  daemon = await spawnDaemon({}, files);
});
afterAll(async () => {
  process.env['PATH'] = pathBefore;
  await daemon?.[Symbol.asyncDispose]();
  await files?.[Symbol.asyncDispose]();
  await rm(binaries, { recursive: true, force: true });
});

describe('a managed nats-server', () => {
  test('is a child of the daemon, at the address that was named, and holds the log', async () => {
    expect(servers()).toHaveLength(1);
    expect(await daemon.client.info()).toMatchObject({
      messagingAdapter: 'nats',
      durability: 'acknowledged',
      natsServerVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
    await startFake(daemon.client, { events: events('first'), at_end: 'exit' }, { simulationId: 'first' });
    await logged('first');
    expect(await messageIds()).toHaveLength(COUNT);
  });

  test('that is killed is started again, and no logged event is lost or doubled', async () => {
    const script = { events: events('second'), events_per_second: 2_000, at_end: 'exit' } as const;
    await startFake(daemon.client, script, { simulationId: 'second' });
    await until('some are logged', async () => Number((await daemon.client.get('second')).eventsLogged) > 500);
    const [pid] = servers();
    if (pid === undefined) throw new Error('no server');
    process.kill(pid, 'SIGKILL');
    await logged('second');
    expect(servers()).not.toEqual([pid]);
    const ids = await messageIds();
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toHaveLength(2 * COUNT);
  });

  test('of a daemon that was killed is ended by the next, which has its log', async () => {
    const [orphan] = servers();
    daemon.kill('SIGKILL');
    await daemon.exited();
    expect(servers()).toEqual([orphan]);
    daemon = await spawnDaemon({}, files);
    expect(servers()).toHaveLength(1);
    expect(servers()).not.toEqual([orphan]);
    expect(await messageIds()).toHaveLength(2 * COUNT);
  });

  test('ends with its daemon', async () => {
    daemon.kill('SIGTERM');
    expect(await daemon.exited()).toEqual({ code: 0, signal: null });
    expect(servers()).toEqual([]);
  });

  test('whose address is taken is not mistaken for the one that has it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const address = other.address();
    if (address === null || typeof address === 'string') throw new Error('no port');
    await expect(spawnDaemon(managed(`nats://127.0.0.1:${address.port}`))).rejects.toThrow(
      new RegExp(`messaging.nats.managed: .*did not start: .*held by .*pid ${process.pid}`),
    );
    await new Promise((resolve) => other.close(resolve));
  });

  test('that there is none of is said, with what to install', async () => {
    process.env['PATH'] = '/nowhere';
    await expect(spawnDaemon(managed(url))).rejects.toThrow(/found no nats-server[\s\S]*apt-get install nats-server/);
    process.env['PATH'] = `${binaries}${delimiter}${pathBefore}`;
  });
});

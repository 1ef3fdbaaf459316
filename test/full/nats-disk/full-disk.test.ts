import { mkdir, symlink } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { connect } from 'nats';
import { expect, inject, onTestFailed, onTestFinished, test } from 'vitest';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { startFake } from '../../e2e/runs/fake-runs.ts';
import { readLog } from '../../e2e/runs/log-reader.ts';
import { fakeType } from '../../e2e/runs/worker-types.ts';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { type SmallDisk, smallDisk } from './small-disk.ts';

const COUNT = 6_000;
const PAYLOAD_BYTES = 1_000;

async function disk(): Promise<SmallDisk> {
  const small = await smallDisk(24);
  onTestFinished(() => small[Symbol.asyncDispose]());
  return small;
}

/** Some 6 MB of events, of which a third are logged before the disk is full. */
async function fillWhileItRuns(daemon: ChildDaemon, small: SmallDisk): Promise<string> {
  const events = [{ key: 'fake.logged.v1', count: COUNT, prefix: 'e', payload_bytes: PAYLOAD_BYTES }];
  onTestFailed(() =>
    console.log(
      daemon.log
        .slice(-30)
        .map((line) => JSON.stringify(line))
        .join('\n'),
    ),
  );
  const id = await startFake(
    daemon.client,
    { events, events_per_second: 1_500, at_end: 'exit' },
    { simulationId: 'full' },
  );
  await until('some events are logged', async () => Number((await daemon.client.get(id)).eventsLogged) > COUNT / 6);
  await small.fill(500_000);
  await until('the daemon says why it is not ready', async () =>
    /^503 not ready: event log: no acknowledgement within \d+ ms; .*restart it/.test(await daemon.readiness()),
  );
  expect(await daemon.client.get(id)).toMatchObject({ state: 'SIMULATION_STATE_RUNNING' });
  expect(await daemon.metrics()).toMatch(/^shoal_log_held_back 1$/m);
  return id;
}

async function loggedOnce(daemon: ChildDaemon, id: string, url: string): Promise<void> {
  await until(
    'the run completes',
    async () => (await daemon.client.get(id)).state === 'SIMULATION_STATE_COMPLETED',
    120_000,
  );
  const client = await connect({ servers: url });
  onTestFinished(() => client.close());
  const ids = (await readLog(client))
    .filter(({ subject }) => subject.endsWith('.fake.logged.v1'))
    .map(({ messageId }) => messageId);
  expect(ids).toEqual(Array.from({ length: COUNT }, (_, at) => `${id}/e-${at}`));
}

test('a server whose disk was full: Shoal holds back, says to restart it, and goes on without a restart of its own', async () => {
  const small = await disk();
  const server = await startNatsServer({
    storeDir: join(small.folder, 'store'),
    config: 'jetstream { max_file_store: 1GB }',
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const daemon = await spawnDaemon({ natsUrl: server.url, workerTypes: [fakeType()] });
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  const id = await fillWhileItRuns(daemon, small);
  await small.free();
  await server.kill();
  await server.restart();
  await loggedOnce(daemon, id, server.url);
  expect(await daemon.readiness()).toBe('200 ready');
});

test('a managed server whose disk was full is restarted by Shoal, until that helps', async () => {
  const small = await disk();
  // Found on PATH under its own name, as a user's would be.
  const binaries = join(small.folder, 'bin');
  await mkdir(binaries);
  await symlink(inject('natsServer').path, join(binaries, 'nats-server'));
  process.env['PATH'] = `${binaries}${delimiter}${process.env['PATH']}`;
  const url = `nats://127.0.0.1:${await freePort()}`;
  const messaging = {
    adapter: 'nats',
    durability: 'memory',
    nats: { managed: true, urls: [url], connect_timeout: '20s' },
  };
  const daemon = await spawnDaemon({
    workerTypes: [fakeType()],
    sections: { data_dir: join(small.folder, 'data'), messaging },
  });
  onTestFinished(() => daemon[Symbol.asyncDispose]());
  const id = await fillWhileItRuns(daemon, small);
  await small.free();
  await until('Shoal restarts it', () => daemon.log.some(({ msg }) => msg === 'restarting nats-server'), 60_000);
  await loggedOnce(daemon, id, url);
  expect(await daemon.readiness()).toBe('200 ready');
});

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { ManagedNatsServer } from '../../../src/adapters/nats/managed-nats-server.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';

/** A server that never listens. */
async function slowServer() {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-managed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'nats-server');
  await writeFile(path, '#!/bin/sh\nexec sleep 600\n');
  await chmod(path, 0o755);
  const server = new ManagedNatsServer({
    url: 'nats://127.0.0.1:4222',
    folder,
    syncAlways: false,
    environment: { ...process.env, NATS_SERVER_BIN: path },
    leftBehind: () => [],
    portHolder: () => undefined,
    log: new RecordingLog(),
  });
  return { server, children: () => processesMentioning(`SHOAL_MANAGED_NATS=${folder}`) };
}

test('a start that is called off leaves no process behind', async () => {
  const { server, children } = await slowServer();
  const caller = new AbortController();
  const started = server.start(caller.signal);
  await until('it is launched', () => children().length === 1);
  caller.abort();
  await expect(started).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(children()).toEqual([]);
});

test('a start that is stopped before it begins launches nothing', async () => {
  const { server, children } = await slowServer();
  const started = server.start(new AbortController().signal);
  await server.stop();
  await expect(started).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(children()).toEqual([]);
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ManagedNatsServer } from '../../../src/adapters/nats/managed-nats-server.ts';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { processesMentioning } from '../../support/daemon/processes.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';

test('a managed server that hangs is ended by force and started again', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-managed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const server = new ManagedNatsServer({
    url: `nats://127.0.0.1:${await freePort()}`,
    folder,
    syncAlways: false,
    environment: { ...process.env, NATS_SERVER_BIN: inject('natsServer').path },
    leftBehind: () => [],
    portHolder: () => undefined,
    log: new RecordingLog(),
  });
  onTestFinished(() => server.stop());
  await server.start(new AbortController().signal);
  const pids = () => processesMentioning(`SHOAL_MANAGED_NATS=${folder}`);
  const [hung] = pids();
  process.kill(hung ?? 0, 'SIGSTOP');
  await server.restart('it hangs');
  await until('another one runs', () => server.restarts === 1);
  expect(pids()).toHaveLength(1);
  expect(pids()).not.toEqual([hung]);
});

import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, inject, onTestFinished, test } from 'vitest';
import { ManagedNatsServer } from '../../../src/adapters/nats/managed-nats-server.ts';
import { ManagedServerWatch } from '../../../src/adapters/nats/managed-server-watch.ts';
import { freePort } from '../../../src/adapters/system/free-port.ts';
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

test('one that ends again and again is started after ever longer pauses, and the reason is told', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-managed-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const path = join(folder, 'nats-server');
  const sound = join(folder, 'sound');
  await writeFile(sound, '');
  // Listens as told while it is sound, and dies of a broken store otherwise.
  await writeFile(
    path,
    `#!/bin/sh\nif [ ! -e ${sound} ]; then echo "the store is broken" >&2; exit 3; fi\nexec ${inject('natsServer').path} "$@"\n`,
  );
  await chmod(path, 0o755);
  const log = new RecordingLog();
  const server = new ManagedNatsServer({
    url: `nats://127.0.0.1:${await freePort()}`,
    folder,
    syncAlways: false,
    environment: { ...process.env, NATS_SERVER_BIN: path },
    leftBehind: () => [],
    portHolder: () => undefined,
    log,
  });
  onTestFinished(() => server.stop());
  await server.start(new AbortController().signal);
  expect(server.trouble).toBeUndefined();
  await rm(sound);
  for (const pid of processesMentioning(`SHOAL_MANAGED_NATS=${folder}`)) process.kill(pid, 'SIGKILL');
  const pauses = (): unknown[] =>
    log.lines.flatMap(({ fields }) => ('inMs' in fields ? [(fields as { inMs: number }).inMs] : []));
  await until('it was tried twice', () => pauses().length >= 2);
  expect(server.trouble).toMatch(/^the managed nats-server does not run: .*the store is broken/);
  await writeFile(sound, '');
  await until('it runs again', () => server.trouble === undefined);
  expect(pauses().slice(0, 2)).toEqual([1_000, 2_000]);
  expect(server.restarts).toBe(1);
});

test('one that runs and does not serve for long is restarted, and not again in haste', async () => {
  let ailment: string | undefined = 'it says nothing';
  const restarts: string[] = [];
  const watch = new ManagedServerWatch({
    ailment: () => ailment,
    restart: async (reason) => void restarts.push(reason),
    patienceMs: 100,
    pauseMs: 600,
  });
  onTestFinished(() => watch.stop());
  const beganMs = performance.now();
  await watch.start();
  await until('it is restarted', () => restarts.length === 1);
  await until('it is restarted again', () => restarts.length === 2);
  expect(performance.now() - beganMs).toBeGreaterThanOrEqual(700);
  ailment = undefined;
  expect(restarts).toEqual(['it says nothing', 'it says nothing']);
});

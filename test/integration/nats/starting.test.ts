import { freePort } from '../../../src/adapters/system/free-port.ts';
import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { createConfigSource, loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { Daemon } from '../../../src/app/daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';

const run = promisify(execFile);

/** Of a certificate for 127.0.0.1 that nobody vouches for. */
async function selfSigned(): Promise<{ cert: string; key: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-tls-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '1'];
  await run('openssl', [...made, '-keyout', key, '-out', cert, '-subj', '/CN=127.0.0.1']);
  return { cert, key };
}

async function daemonFor(
  nats: object,
): Promise<{ daemon: Daemon; log: RecordingLog; readiness: () => Promise<string> }> {
  const sections = { messaging: { adapter: 'nats', durability: 'memory', nats } };
  const files = await writeConfig({ sections });
  const log = new RecordingLog();
  const loaded = loadConfig({ file: files.configFile, environment: {} });
  const daemon = new Daemon(createConfigSource(loaded), files.folder, log);
  onTestFinished(async () => {
    await daemon.stop();
    await files[Symbol.asyncDispose]();
  });
  const readiness = async (): Promise<string> => {
    const response = await fetch(`http://${daemon.addresses.http}/readyz`);
    return `${response.status} ${(await response.text()).trim()}`;
  };
  return { daemon, log, readiness };
}

test('on_unavailable wait: the daemon waits for its server, tells why, and starts when it comes, and when JetStream does', async () => {
  const port = await freePort();
  const { daemon, log, readiness } = await daemonFor({
    urls: [`nats://127.0.0.1:${port}`],
    on_unavailable: 'wait',
    connect_timeout: '10ms',
  });
  const started = daemon.start();
  await until('it listens', () => daemon.addresses.http !== '');
  await until('it says why', async () =>
    (await readiness()).startsWith(`503 not ready: starting: no connection to 127.0.0.1:${port} (`),
  );
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 'warn', message: 'nats does not answer yet; trying on' }),
  );
  const server = await startNatsServer({ port, jetstream: false });
  onTestFinished(() => server[Symbol.asyncDispose]());
  await until('it says that JetStream is missing', async () =>
    (await readiness()).startsWith('503 not ready: starting: JetStream does not answer'),
  );
  await server.restart({ jetstream: true });
  await started;
  expect(await readiness()).toBe('200 ready');
});

test('a daemon that waits for its server ends when it is told to', async () => {
  const urls = [`nats://127.0.0.1:${await freePort()}`];
  const { daemon } = await daemonFor({ urls, on_unavailable: 'wait' });
  const started = daemon.start();
  const ended = expect(started).rejects.toMatchObject({ code: 'CANCELLED' });
  await until('it listens', () => daemon.addresses.http !== '');
  await daemon.stop();
  await ended;
});

test('on_unavailable fail: the daemon says after connect_timeout what to do, and does not start', async () => {
  const urls = [`nats://127.0.0.1:${await freePort()}`];
  const { daemon } = await daemonFor({ urls, connect_timeout: '200ms' });
  await expect(daemon.start()).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(
      /^messaging\.nats\.urls: no connection to .* within 200 ms \(.*\); start a nats-server -js .*on_unavailable: wait/,
    ),
  });
});

test('a server that wants a login says so at once, also to a daemon that would wait', async () => {
  const server = await startNatsServer({ config: 'authorization { user: fish, password: right }' });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { daemon } = await daemonFor({ urls: [server.url], on_unavailable: 'wait' });
  await expect(daemon.start()).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringMatching(/\(Authorization Violation\); check the credentials/i),
  });
});

test('a server that wants TLS is told from one that is not there', async () => {
  const certificates = await selfSigned();
  const server = await startNatsServer({
    config: `tls { cert_file: "${certificates.cert}", key_file: "${certificates.key}" }`,
  });
  onTestFinished(() => server[Symbol.asyncDispose]());
  const { daemon } = await daemonFor({ urls: [server.url], connect_timeout: '500ms' });
  const error = await daemon.start().catch((thrown: Error) => thrown);
  expect(String(error)).toMatch(/\(.*certificate.*\); the server wants TLS/i);
});

test('a port at which something else answers is told', async () => {
  const other = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void other.close());
  const { port } = other.address() as { port: number };
  const { daemon } = await daemonFor({ urls: [`nats://127.0.0.1:${port}`], connect_timeout: '500ms' });
  const error = await daemon.start().catch((thrown: Error) => thrown);
  expect(String(error)).toMatch(new RegExp(`no connection to 127.0.0.1:${port} within 500 ms`));
});

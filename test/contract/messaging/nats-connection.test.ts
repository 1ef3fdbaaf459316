import { createServer } from 'node:net';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { type NatsServerOptions, type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { natsConfig, never } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

async function serverFor(options: NatsServerOptions = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer({ jetstream: false, ...options });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

function connectionTo(
  urls: string | readonly string[],
  connectTimeoutMs = 5_000,
  drainTimeoutMs = 300,
): { connection: NatsConnection; log: RecordingLog } {
  const log = new RecordingLog();
  const config = { ...natsConfig(''), urls: [urls].flat(), connectTimeoutMs };
  const connection = new NatsConnection(config, log, { drainTimeoutMs });
  onTestFinished(() => connection.stop());
  return { connection, log };
}

test('start connects, tells the facts of the server, and may be called again', async () => {
  const server = await serverFor({ config: 'max_payload: 65536' });
  const { connection, log } = connectionTo(server.url);
  expect(connection.connected).toBe(false);
  await connection.start(never());
  await connection.start(never());
  expect(connection.connected).toBe(true);
  expect(connection.server).toEqual({ version: expect.stringMatching(/^\d+\.\d+\.\d+/), maxPayloadBytes: 65_536 });
  expect(log.lines.map(({ message }) => message)).toEqual(['connected to nats']);
});

test('a server that comes later is waited for', async () => {
  const port = await freePort();
  const { connection, log } = connectionTo(`nats://127.0.0.1:${port}`, 20_000);
  const started = connection.start(never());
  await vi.waitUntil(() => log.lines.some(({ message }) => message === 'nats does not answer yet; trying on'));
  await serverFor({ port });
  await started;
  expect(log.lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
});

test('no server is an error that names the key, the addresses and what to do, without credentials', async () => {
  const [one, other] = [await freePort(), await freePort()];
  const { connection, log } = connectionTo([`nats://fish:s3cret@127.0.0.1:${one}`, `nats://127.0.0.1:${other}`], 400);
  const error = await connection.start(never()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'BUS_UNAVAILABLE', metadata: { field: 'messaging.nats.urls' } });
  expect(String(error)).toContain(`messaging.nats.urls: no connection to 127.0.0.1:${one}, 127.0.0.1:${other}`);
  expect(String(error)).toContain('set messaging.adapter to memory');
  expect(`${error} ${log.text}`).not.toContain('s3cret');
});

test.each(['http://127.0.0.1:1', 'nats://', 'nats://s3cret:s3cret@'])(
  'the URL %s is refused by its place in the list',
  async (url) => {
    const { connection } = connectionTo(['nats://127.0.0.1:1', url]);
    const error = await connection.start(never()).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', metadata: { field: 'messaging.nats.urls[1]' } });
    expect(String(error)).not.toContain('s3cret');
  },
);

test.each([
  ['user and password', 'authorization { user: fish, password: "p@ss/1" }', 'fish:p%40ss%2F1'],
  ['a token', 'authorization { token: t0ken }', 't0ken'],
])('credentials in the URL are used: %s', async (_what, config, login) => {
  const server = await serverFor({ config });
  const { connection, log } = connectionTo(server.url.replace('//', `//${login}@`));
  await connection.start(never());
  expect(connection.connected).toBe(true);
  expect(log.text).not.toContain(login);
});

test('wrong credentials are an error at once, that says where they are', async () => {
  const server = await serverFor({ config: 'authorization { user: fish, password: right }' });
  const { connection } = connectionTo(server.url.replace('//', '//fish:wr0ng@'), 60_000);
  const error = await connection.start(never()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'BUS_UNAVAILABLE' });
  expect(String(error)).toContain('check the credentials in messaging.nats.urls');
  expect(String(error)).not.toContain('wr0ng');
});

test('connecting ends when the daemon is told to stop, also while a server does not speak', async () => {
  const mute = createServer();
  await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as { port: number };
  const { connection } = connectionTo(`nats://127.0.0.1:${port}`, 60_000);
  const stopping = new AbortController();
  mute.once('connection', () => stopping.abort());
  await expect(connection.start(stopping.signal)).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a lost server is noticed and found again, each logged once, and waiters wait for it', async () => {
  const server = await serverFor();
  const { connection, log } = connectionTo(server.url);
  await connection.start(never());
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  await expect(connection.state.whenConnected(50)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  const found = connection.state.whenConnected(20_000);
  await server.restart();
  await found;
  expect(connection.reconnects).toBe(1);
  expect(log.lines.map(({ message }) => message)).toEqual([
    'connected to nats',
    'nats connection lost; reconnecting',
    'nats connection restored',
  ]);
});

test('stop delivers what was published, may be called again, and ends everything else with SHUTTING_DOWN', async () => {
  const server = await serverFor();
  const { connection } = connectionTo(server.url, 5_000, 20_000);
  const { connection: other } = connectionTo(server.url);
  await connection.start(never());
  await other.start(never());
  let received = 0;
  other.client.subscribe('last.words', {
    callback: () => {
      received += 1;
    },
  });
  await other.flush(1_000);
  await server.pause();
  const words = Buffer.alloc(20_000);
  for (let at = 0; at < 1_000; at += 1) connection.client.publish('last.words', words);
  const stopped = connection.stop();
  server.resume();
  await stopped;
  await connection.stop();
  await vi.waitUntil(() => received === 1_000);
  expect(() => connection.client).toThrow(/closed/);
  await expect(connection.state.whenConnected(1_000)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
});

test('stop is bounded while the server is away, and while it does not answer', async () => {
  const server = await serverFor();
  for (const prepare of [() => server.kill(), () => server.pause()]) {
    await server.restart();
    const { connection } = connectionTo(server.url);
    await connection.start(never());
    await prepare();
    const began = performance.now();
    await connection.stop();
    expect(performance.now() - began).toBeLessThan(3_000);
  }
});

test('a flush that the server does not answer ends in time, or with the connection', async () => {
  const server = await serverFor();
  const { connection } = connectionTo(server.url);
  await connection.start(never());
  expect(await connection.flush(5_000)).toBe(true);
  await server.pause();
  await expect(connection.flush(50)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  const closed = expect(connection.flush(60_000)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await connection.stop();
  await closed;
});

test('a flush says when the connection was lost meanwhile', async () => {
  const server = await serverFor();
  const { connection } = connectionTo(server.url);
  await connection.start(never());
  await server.pause();
  const flushed = connection.flush(20_000);
  await server.kill();
  await server.restart();
  expect(await flushed).toBe(false);
});

test('stop before start does nothing', async () => {
  const { connection } = connectionTo('nats://127.0.0.1:1');
  await connection.stop();
  expect(connection.connected).toBe(false);
});

import { connect } from 'nats';
import { expect, onTestFinished, test, vi } from 'vitest';
import { NatsConnection, type NatsConnectionOptions } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventBus, type NatsEventBusOptions } from '../../../src/adapters/nats/nats-event-bus.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsConfig } from '../../../src/domain/configuration.ts';
import { type NatsServerOptions, type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { message } from './event-bus-suite.ts';
import { entry, idsBySimulation } from './log-entries.ts';
import { natsConfig, never, readStream } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

async function serverFor(options: NatsServerOptions = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

interface Opened {
  readonly connection: NatsConnection;
  readonly bus: NatsEventBus;
  readonly recording: RecordingLog;
}

async function open(
  url: string,
  connecting: NatsConnectionOptions = {},
  publishing: NatsEventBusOptions = {},
  more: Partial<NatsConfig> = {},
): Promise<Opened> {
  const recording = new RecordingLog();
  const connection = new NatsConnection({ ...natsConfig(url), ...more }, recording, {
    drainTimeoutMs: 300,
    ...connecting,
  });
  await connection.start(never());
  const bus = new NatsEventBus(connection, recording, publishing);
  await bus.start();
  onTestFinished(async () => {
    await bus.stop();
    await connection.stop();
  });
  return { connection, bus, recording };
}

async function openLog(connection: NatsConnection, url: string, recording: RecordingLog): Promise<NatsEventLog> {
  const log = new NatsEventLog(connection, natsConfig(url), recording, { drainTimeoutMs: 200 });
  await log.start(never());
  onTestFinished(() => log.stop());
  return log;
}

test('a server that hangs with its connections open is noticed after two unanswered pings, and found again', async () => {
  const server = await serverFor({ jetstream: false });
  const { connection, bus, recording } = await open(server.url, { reconnectWaitMs: 20 }, {}, { pingIntervalMs: 100 });
  const seen: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => seen.push(Buffer.from(bytes).toString()));
  await server.pause();
  await vi.waitUntil(() => !connection.connected, { timeout: 5_000 });
  const later = bus.publish([message('events.a', 'held back')]);
  expect(bus.waitingBatches).toBe(1);
  server.resume();
  await later;
  await vi.waitUntil(() => seen.length === 1, { timeout: 10_000 });
  expect([seen, connection.reconnects]).toEqual([['held back'], 1]);
  expect(recording.lines.map(({ message: line }) => line)).toContain('nats connection lost; reconnecting');
});

test('a lost server is looked for beyond the ten times after which the client would close for good', async () => {
  const server = await serverFor({ jetstream: false });
  const { connection, recording } = await open(server.url, { reconnectWaitMs: 5 });
  let tries = 0;
  void (async () => {
    for await (const { type } of connection.client.status()) if (type === 'reconnecting') tries += 1;
  })();
  await server.kill();
  await vi.waitUntil(() => tries > 25, { timeout: 10_000 });
  await server.restart();
  await connection.state.whenConnected(10_000);
  expect(recording.text).not.toContain('closed for good');
});

test('a login that is refused for a while, as when accounts are reloaded, does not close the connection', async () => {
  const login = { jetstream: false, config: 'authorization { user: fish, password: right }' };
  const first = await serverFor(login);
  const { port } = first;
  const { connection } = await open(first.url.replace('//', '//fish:right@'), { reconnectWaitMs: 10 });
  const refusals: string[] = [];
  void (async () => {
    for await (const status of connection.client.status())
      if (status.type === 'error') refusals.push(status.error.message);
  })();
  await first.kill();
  const other = await serverFor({ ...login, port, config: 'authorization { user: fish, password: other }' });
  await vi.waitUntil(() => refusals.filter((text) => /authorization/i.test(text)).length > 3, { timeout: 10_000 });
  await other.kill();
  await serverFor({ ...login, port });
  await connection.state.whenConnected(10_000);
});

test('a server that takes less after a reconnect refuses what is too large by itself, and the connection lives on', async () => {
  const server = await serverFor();
  const { port } = server;
  const { connection, bus, recording } = await open(server.url, { reconnectWaitMs: 10 });
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  const [large, small] = [message('events.a', 'x'.repeat(60_000)), message('events.a', 'small')];
  const waiting = Promise.allSettled([bus.publish([large]), bus.publish([small])]);
  const next = await serverFor({ port, config: 'max_payload: 32768' });
  expect(await waiting).toMatchObject([
    { status: 'rejected', reason: { code: 'BUS_UNAVAILABLE' } },
    { status: 'fulfilled' },
  ]);
  expect(connection.server.maxPayloadBytes).toBe(32_768);
  await expect(bus.publish([large])).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
  const log = await openLog(connection, next.url, recording);
  const receipt = await log.append([entry('s', 'e1'), entry('s', 'e2', 'x'.repeat(60_000)), entry('s', 'e3')]);
  expect(receipt).toMatchObject({
    lastSequence: 2,
    rejected: [{ index: 1, reason: expect.stringContaining('at most 32768 (max_payload)') }],
  });
  expect(idsBySimulation(await readStream(next.url))).toEqual({ s: ['e1', 'e3'] });
  expect(connection.reconnects).toBe(1);
});

test('who publishes with a reply subject of its choice makes Shoal say nothing there, nor log anything', async () => {
  const server = await serverFor();
  const { connection, bus, recording } = await open(server.url);
  const log = await openLog(connection, server.url, recording);
  const stranger = await connect({ servers: server.url });
  onTestFinished(() => stranger.close());
  const chosen: string[] = [];
  for (const subject of ['logging.events.raw.victim.sim.a.v1', 'commands.worker.victim.control']) {
    stranger.subscribe(subject, { callback: (_error, { subject: where }) => void chosen.push(where) });
  }
  const seen: string[] = [];
  await bus.subscribe('commands.simulation.*.agent.*.action', ({ subject }) => seen.push(subject));
  await bus.subscribe('events.>', ({ subject }) => seen.push(subject));
  for (const subject of ['commands.simulation.s.agent.a.action', 'events.simulation.s.x']) {
    stranger.publish(subject, 'x', { reply: 'logging.events.raw.victim.sim.a.v1' });
    stranger.publish(subject, 'x', { reply: 'commands.worker.victim.control' });
  }
  await vi.waitUntil(() => seen.length === 4);
  // What was said in answer would come before this, to the subscriptions of the same connection.
  await log.append([entry('s', 'e1')]);
  await stranger.flush();
  expect(chosen).toEqual([]);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: ['e1'] });
});

import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventBus, type NatsEventBusOptions } from '../../../src/adapters/nats/nats-event-bus.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { message } from './event-bus-suite.ts';
import { natsConfig, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

let server: RunningNatsServer;

beforeEach(async () => {
  server = await startNatsServer({ jetstream: false });
});
afterEach(() => server[Symbol.asyncDispose]());

async function open(options: NatsEventBusOptions = {}): Promise<{ bus: NatsEventBus; connection: NatsConnection }> {
  const log = new RecordingLog();
  const connection = await startedConnection(natsConfig(server.url), log);
  const bus = new NatsEventBus(connection, log, options);
  await bus.start();
  onTestFinished(async () => {
    await bus.stop();
    await connection.stop();
  });
  return { bus, connection };
}

async function loseServer(connection: NatsConnection): Promise<void> {
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
}

test('what is published during an outage waits and then arrives, in order, at subscriptions made before', async () => {
  const { bus, connection } = await open();
  const seen: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => seen.push(Buffer.from(bytes).toString()));
  await loseServer(connection);
  const published = Array.from({ length: 100 }, (_, at) => bus.publish([message('events.a', String(at))]));
  expect(bus.waitingBatches).toBe(100);
  await server.restart();
  await Promise.all(published);
  await vi.waitUntil(() => seen.length >= 100);
  expect(seen).toEqual(Array.from({ length: 100 }, (_, at) => String(at)));
  expect(bus.waitingBatches).toBe(0);
});

test('a publish gives up when the outage lasts too long', async () => {
  const { bus, connection } = await open({ outageTimeoutMs: 200 });
  await loseServer(connection);
  const published = [bus.publish([message('events.a', '1')]), bus.publish([message('events.a', '2')])];
  for (const each of published) await expect(each).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  expect(bus.waitingBatches).toBe(0);
});

test('publishers that do not wait their turn are refused when too much waits', async () => {
  const { bus, connection } = await open({ maxWaitingBytes: 1_000 });
  await loseServer(connection);
  const waiting = bus.publish([message('events.a', 'x'.repeat(900))]);
  await expect(bus.publish([message('events.a', 'x'.repeat(900))])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  await server.restart();
  await waiting;
});

test('stop ends those who wait with SHUTTING_DOWN', async () => {
  const { bus, connection } = await open();
  await loseServer(connection);
  const rejected = expect(bus.publish([message('events.a', '1')])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  await bus.stop();
  await rejected;
});

test('a subscription asked for during an outage is live when it resolves', async () => {
  const { bus, connection } = await open();
  await loseServer(connection);
  const seen: string[] = [];
  const subscribed = bus.subscribe('events.a', ({ subject }) => seen.push(subject));
  await server.restart();
  await subscribed;
  await (await open()).bus.publish([message('events.a', '1')]);
  await vi.waitUntil(() => seen.length === 1);
});

test('a subscription that cannot become live in time is taken back', async () => {
  const { bus, connection } = await open({ outageTimeoutMs: 200 });
  await loseServer(connection);
  const seen: string[] = [];
  await expect(bus.subscribe('events.a', ({ subject }) => seen.push(subject))).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
  });
  await server.restart();
  await connection.state.whenConnected(10_000);
  const last: string[] = [];
  await bus.subscribe('events.last', ({ subject }) => last.push(subject));
  await bus.publish([message('events.a', '1'), message('events.last', '1')]);
  await vi.waitUntil(() => last.length === 1);
  expect(seen).toEqual([]);
});

test('a server that stops reading holds publishers back instead of filling memory', async () => {
  const { bus } = await open({ maxUnconfirmedBytes: 1_000_000 });
  const seen: number[] = [];
  await bus.subscribe('events.a', ({ bytes }) => seen.push(bytes.length));
  await server.pause();
  let resolved = 0;
  const batch = Array.from({ length: 10 }, () => message('events.a', 'x'.repeat(10_000)));
  const published = Array.from({ length: 100 }, () =>
    bus.publish(batch).then(() => {
      resolved += 1;
    }),
  );
  await vi.waitUntil(() => bus.waitingBatches > 0);
  expect(bus.unconfirmedBytes).toBeLessThan(1_000_000 + 101_000);
  expect(resolved).toBeLessThan(12);
  server.resume();
  await Promise.all(published);
  await vi.waitUntil(() => seen.length === 1_000);
});

test('publishers held back by a server that dies go on with the next one', async () => {
  const { bus } = await open({ maxUnconfirmedBytes: 1_000_000 });
  await server.pause();
  const batch = Array.from({ length: 10 }, () => message('events.a', 'x'.repeat(10_000)));
  const published = Array.from({ length: 30 }, () => bus.publish(batch));
  expect(bus.waitingBatches).toBeGreaterThan(0);
  await server.kill();
  await server.restart();
  await Promise.all(published);
  expect(bus.unconfirmedBytes).toBeLessThan(3_000_000);
});

test('a server killed under load loses nothing: what was under way is sent again, in order', async () => {
  const { bus, connection } = await open();
  const seen: number[] = [];
  await bus.subscribe('events.a', ({ bytes }) => seen.push(Number(Buffer.from(bytes).toString())));
  let outage = Promise.resolve();
  for (let at = 0; at < 2_000; at += 1) {
    await bus.publish(Array.from({ length: 10 }, (_, index) => message('events.a', String(at * 10 + index))));
    if (at === 500) outage = server.kill().then(() => server.restart());
    if (at % 20 === 0) await new Promise(setImmediate);
  }
  await outage;
  await connection.state.whenConnected(10_000);
  await vi.waitUntil(() => seen.at(-1) === 19_999, { timeout: 10_000 });
  expect(connection.reconnects).toBe(1);
  // What came before it did: only what was under way at the break, about a round trip, may come a second time.
  expect([...new Set(seen)]).toEqual(Array.from({ length: 20_000 }, (_, at) => at));
  expect(seen.length).toBeLessThan(25_000);
  expect(bus.dropped).toBe(0);
});

test('a connection that stops with messages under way says nothing of it', async () => {
  const rejections: unknown[] = [];
  const heard = (reason: unknown): void => void rejections.push(reason);
  process.on('unhandledRejection', heard);
  onTestFinished(() => void process.off('unhandledRejection', heard));
  for (let round = 0; round < 5; round += 1) {
    const { bus, connection } = await open();
    await bus.publish([message('events.a', '1')]);
    await bus.publish([message('events.a', '2')]);
    await bus.stop();
    await connection.stop();
  }
  await new Promise(setImmediate);
  expect(rejections).toEqual([]);
});

test('what was under way when a connection broke is given up, and counted, when there is no other for too long', async () => {
  const { bus, connection } = await open({ outageTimeoutMs: 200 });
  const seen: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => seen.push(Buffer.from(bytes).toString()));
  await server.pause();
  await bus.publish([message('events.a', '1'), message('events.a', '2')]);
  const sentMs = performance.now();
  await loseServer(connection);
  await vi.waitUntil(() => performance.now() - sentMs > 200);
  await server.restart();
  await connection.state.whenConnected(10_000);
  await bus.publish([message('events.a', '3')]);
  await vi.waitUntil(() => seen.length > 0);
  expect([seen, bus.dropped, bus.unconfirmedBytes]).toEqual([['3'], 2, expect.any(Number)]);
});

test.each(['before', 'after'])(
  'what was under way when a connection broke is counted when the bus stops %s that',
  async (when) => {
    const { bus, connection } = await open();
    await server.pause();
    await bus.publish([message('events.a', '1'), message('events.a', '2')]);
    if (when === 'before') await bus.stop();
    await loseServer(connection);
    await vi.waitUntil(() => bus.unconfirmedBytes === 0);
    if (when === 'after') await bus.stop();
    await bus.stop();
    expect(bus.dropped).toBe(2);
  },
);

test('a short outage of the network alone loses nothing', async () => {
  const { bus, connection } = await open();
  const seen: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => seen.push(Buffer.from(bytes).toString()));
  await server.pause();
  await bus.publish([message('events.a', '1')]);
  await loseServer(connection);
  const later = bus.publish([message('events.a', '2')]);
  await server.restart();
  await later;
  await vi.waitUntil(() => seen.length === 2);
  expect([seen, bus.dropped]).toEqual([['1', '2'], 0]);
});

test('a message larger than the server takes is refused, and the connection lives on', async () => {
  const { bus, connection } = await open();
  const { maxPayloadBytes } = connection.server;
  const seen: number[] = [];
  await bus.subscribe('events.a', ({ bytes }) => seen.push(bytes.length));
  const bytes = new Uint8Array(maxPayloadBytes + 1);
  await expect(bus.publish([{ subject: 'events.a', bytes }])).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringContaining('max_payload'),
  });
  await bus.publish([{ subject: 'events.a', bytes: bytes.subarray(1) }]);
  await vi.waitUntil(() => seen.length === 1);
  expect(seen).toEqual([maxPayloadBytes]);
  expect(connection.reconnects).toBe(0);
});

test('what was published just before the connection broke comes over the next one, also when no PING had followed it', async () => {
  const { bus, connection } = await open();
  const seen: string[] = [];
  await bus.subscribe('events.>', ({ bytes }) => seen.push(Buffer.from(bytes).toString()));
  for (let round = 0; round < 5; round += 1) {
    const reconnects = connection.reconnects;
    await bus.publish([message('events.a', `${round}`)]);
    // Within the turn: neither the message nor a PING has left.
    await connection.client.reconnect();
    await vi.waitUntil(() => connection.reconnects > reconnects);
    await vi.waitUntil(() => seen.includes(`${round}`));
  }
});

test('publishes that follow each other share a PING', async () => {
  const { bus, connection } = await open();
  const flush = vi.spyOn(connection.client, 'flush');
  for (let at = 0; at < 100; at += 1) await bus.publish([message('events.a', String(at))]);
  await vi.waitUntil(() => bus.unconfirmedBytes === 0);
  expect(flush.mock.calls.length).toBeLessThan(10);
});

test('a bus that stops asks at once whether the server has everything', async () => {
  const { bus, connection } = await open();
  await bus.publish([message('events.a', '1')]);
  await bus.stop();
  await connection.stop();
  expect([bus.unconfirmedBytes, bus.dropped]).toEqual([0, 0]);
});

import { connect } from 'nats';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { NatsCommandChannel, type NatsCommandChannelOptions } from '../../../src/adapters/nats/nats-command-channel.ts';
import type { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { parseWorkerId } from '../../../src/domain/ids.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { natsConfig, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

const WORKER = parseWorkerId('worker-1');
const ENVELOPE = Buffer.from('a command');

let server: RunningNatsServer;

beforeEach(async () => {
  server = await startNatsServer({ jetstream: false });
});
afterEach(() => server[Symbol.asyncDispose]());

async function open(
  options: NatsCommandChannelOptions = {},
): Promise<{ channel: NatsCommandChannel; connection: NatsConnection }> {
  const connection = await startedConnection(natsConfig(server.url), new RecordingLog());
  const channel = new NatsCommandChannel(connection, new RecordingLog(), options);
  await channel.start();
  onTestFinished(async () => {
    await channel.stop();
    await connection.stop();
  });
  return { channel, connection };
}

/** A worker process's side: its own connection, subscribed and flushed. */
async function worker(
  id: string,
  onCommand: (text: string, reply: string) => void,
): Promise<{ leave(): Promise<void> }> {
  const client = await connect({ servers: server.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  const subscription = client.subscribe(`commands.worker.${id}.control`, {
    callback: (_error, command) => {
      onCommand(command.string(), command.reply ?? '');
      if (command.reply) command.respond('a worker should not, but may');
    },
  });
  await client.flush();
  onTestFinished(() => client.close());
  return {
    async leave() {
      subscription.unsubscribe();
      await client.flush();
    },
  };
}

test('a command reaches the worker that listens', async () => {
  const { channel } = await open();
  const seen: string[] = [];
  await worker('worker-1', (text) => seen.push(text));
  expect(await channel.deliver(WORKER, ENVELOPE)).toBe('delivered');
  await vi.waitUntil(() => seen.length === 1);
  expect(seen).toEqual(['a command']);
});

test('a worker that does not listen, or no longer, is unreachable', async () => {
  const { channel } = await open();
  expect(await channel.deliver(WORKER, ENVELOPE)).toBe('unreachable');
  const listening = await worker('worker-1', () => {});
  expect(await channel.deliver(WORKER, ENVELOPE)).toBe('delivered');
  await listening.leave();
  expect(await channel.deliver(WORKER, ENVELOPE)).toBe('unreachable');
});

test('hundreds of deliveries at once each get their own answer', async () => {
  const { channel } = await open();
  for (let at = 0; at < 300; at += 2) await worker(`w${at}`, () => {});
  const deliveries = await Promise.all(
    Array.from({ length: 300 }, (_, at) => channel.deliver(parseWorkerId(`w${at}`), ENVELOPE)),
  );
  expect(deliveries).toEqual(Array.from({ length: 300 }, (_, at) => (at % 2 === 0 ? 'delivered' : 'unreachable')));
});

test('during an outage a delivery waits, and is made when the server is back', async () => {
  const { channel, connection } = await open({ deliverTimeoutMs: 20_000 });
  const seen: string[] = [];
  await worker('worker-1', (text) => seen.push(text));
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  const delivery = channel.deliver(WORKER, ENVELOPE);
  await server.restart();
  // Which of the two is back first, and whether the break was noticed before it was sent, is chance; all answers are true ones.
  expect(['delivered', 'unreachable', 'in doubt']).toContain(await delivery);
  await vi.waitUntil(async () => (await channel.deliver(WORKER, ENVELOPE)) === 'delivered');
  await vi.waitUntil(() => seen.length > 0);
});

test.each(['away', 'silent'] as const)('a delivery gives up when the server stays %s', async (how) => {
  const { channel } = await open({ deliverTimeoutMs: 300 });
  if (how === 'away') await server.kill();
  else await server.pause();
  await expect(channel.deliver(WORKER, ENVELOPE)).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
});

test('a posted action arrives in order without a reply subject, and is dropped and counted during an outage', async () => {
  const { channel, connection } = await open();
  const seen: string[] = [];
  const replies: string[] = [];
  await worker('worker-1', (text, reply) => {
    seen.push(text);
    replies.push(reply);
  });
  for (let at = 0; at < 50; at += 1) channel.post(WORKER, Buffer.from(String(at)));
  await vi.waitUntil(() => seen.length === 50);
  expect(seen).toEqual(Array.from({ length: 50 }, (_, at) => String(at)));
  expect(replies.every((reply) => reply === '')).toBe(true);
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  channel.post(WORKER, ENVELOPE);
  expect(channel.dropped).toBe(1);
});

test('actions for a server that does not read are dropped instead of kept', async () => {
  const { channel } = await open();
  await server.pause();
  const action = Buffer.alloc(64 * 1024);
  for (let at = 0; at < 200; at += 1) channel.post(WORKER, action);
  expect(channel.dropped).toBeGreaterThan(100);
  server.resume();
  await vi.waitUntil(() => {
    const before = channel.dropped;
    channel.post(WORKER, ENVELOPE);
    return channel.dropped === before;
  });
});

test('after stop a delivery rejects with SHUTTING_DOWN and a post is dropped', async () => {
  const { channel } = await open();
  await channel.stop();
  await expect(channel.deliver(WORKER, ENVELOPE)).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  channel.post(WORKER, ENVELOPE);
  expect(channel.dropped).toBe(1);
});

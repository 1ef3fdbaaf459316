import { setTimeout as delay } from 'node:timers/promises';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loggedEvent } from '../../contract/messaging/event-archive-suite.ts';
import { idsBySimulation } from '../../contract/messaging/log-entries.ts';
import { readStream } from '../../contract/messaging/nats-fixture.ts';
import { type LossyProxy, lossyProxy } from '../../support/lossy-proxy.ts';
import type { RunningNatsServer } from '../../support/nats-server.ts';
import { type NatsParts, partsOver, serverFor } from './nats-parts.ts';

const PING = { pingIntervalMs: 100 };

async function proxyTo(server: RunningNatsServer): Promise<LossyProxy> {
  const proxy = await lossyProxy(server.port);
  onTestFinished(() => proxy[Symbol.asyncDispose]());
  return proxy;
}

const idsUpTo = (count: number) => Array.from({ length: count }, (_, at) => `e${at}`);

/** Appends event by event, many in flight, until `isOver`. @returns how many */
async function appendUntil({ log }: NatsParts, isOver: () => boolean): Promise<number> {
  const pending: Promise<unknown>[] = [];
  for (let at = 0; ; at += 1) {
    if (isOver()) {
      await Promise.all(pending);
      return at;
    }
    pending.push(log.append([loggedEvent('s', `e${at}`)]));
    if (at >= 200) await pending[at - 200];
    if (at % 20 === 0) await delay(1);
  }
}

test('a connection that is cut again and again costs no event, doubles none and keeps the order', async () => {
  const server = await serverFor();
  const proxy = await proxyTo(server);
  const parts = await partsOver(proxy.url, { nats: PING, stream: { ackTimeoutMs: 1_000 } });
  let isOver = false;
  const appended = appendUntil(parts, () => isOver);
  for (let times = 0; times < 3; times += 1) {
    await delay(150);
    proxy.cut();
  }
  isOver = true;
  const count = await appended;
  expect(count).toBeGreaterThan(300);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: idsUpTo(count) });
  expect(parts.log.statistics.displaced).toBe(0);
});

test('a half-open connection is noticed when the third ping is due, the reason is told, and a new one is made', async () => {
  const server = await serverFor();
  const proxy = await proxyTo(server);
  const { connection, recording } = await partsOver(proxy.url, { nats: { pingIntervalMs: 200 } });
  proxy.mute = true;
  const beganMs = performance.now();
  await vi.waitUntil(() => !connection.connected, { timeout: 5_000 });
  expect(performance.now() - beganMs).toBeLessThan(2_000);
  expect(connection.trouble).toMatch(
    /^not connected to NATS: 127\.0\.0\.1:\d+ was lost, it answers no pings; start it, or mend/,
  );
  proxy.mute = false;
  proxy.cut();
  await connection.state.whenConnected(5_000);
  expect(connection.trouble).toBeUndefined();
  expect(recording.lines).toContainEqual(
    expect.objectContaining({
      message: 'nats connection lost; reconnecting',
      fields: expect.objectContaining({ reason: 'it answers no pings' }),
    }),
  );
});

test('a server that comes and goes every 300 ms under load costs no event, doubles none and keeps the order', async () => {
  const server = await serverFor();
  const parts = await partsOver(server.url, { nats: PING });
  let isOver = false;
  const appended = appendUntil(parts, () => isOver);
  for (let times = 0; times < 3; times += 1) {
    await delay(300);
    await server.kill();
    await server.restart();
  }
  isOver = true;
  const count = await appended;
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: idsUpTo(count) });
  expect(parts.connection.reconnects).toBeGreaterThan(1);
});

test('an event that fitted before the server took less is rejected by itself; the rest is stored, and Shoal finds the bound', async () => {
  const server = await serverFor({ config: 'max_payload: 1MB' });
  const { connection, bus, log } = await partsOver(server.url, { nats: PING });
  await log.append([loggedEvent('s', 'e0')]);
  await server.reload('max_payload: 64KB');
  const large = loggedEvent('s', 'large', undefined, 'x'.repeat(200_000));
  const receipt = await log.append([loggedEvent('s', 'e1'), large, loggedEvent('s', 'e2')]);
  expect(receipt.rejected).toEqual([{ index: 1, reason: expect.stringContaining('at most 65536 (max_payload)') }]);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: ['e0', 'e1', 'e2'] });
  expect(connection.server.maxPayloadBytes).toBe(65_536);
  expect(connection.connected).toBe(true);
  await bus.publish([{ subject: 'events.simulation.s.x', bytes: Buffer.from('x') }]);
  expect(bus.dropped).toBe(0);
});

test('a log that waits takes so much and no more; what it turns away is not overtaken by what comes behind it', async () => {
  const server = await serverFor();
  const { connection, log } = await partsOver(server.url, { nats: PING, log: { maxWaitingBytes: 100_000 } });
  await server.kill();
  await vi.waitUntil(() => !connection.connected);
  const large = (id: string) => [loggedEvent('s', id, undefined, 'x'.repeat(40_000))];
  const taken = [log.append(large('e0')), log.append(large('e1'))];
  await expect(log.append(large('e2'))).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('bytes wait for the event log already'),
  });
  await expect(log.append([loggedEvent('s', 'e3')])).rejects.toMatchObject({ code: 'BUS_UNAVAILABLE' });
  expect(log.statistics).toMatchObject({ turnedAway: 2, waitingBatches: 2 });
  await server.restart();
  await Promise.all(taken);
  await log.append([...large('e2'), loggedEvent('s', 'e3')]);
  expect(idsBySimulation(await readStream(server.url))).toEqual({ s: idsUpTo(4) });
});

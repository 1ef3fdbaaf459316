import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { SubscribeToEventsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import { batch, envelope, readEnvelope, type SubscribedEvent } from '../../support/daemon/envelopes.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Puppet, puppetType, startRegistered } from '../../support/daemon/puppet.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

const LIVE = 'sim.quiet.v1';
const LOGGED = 'sim.a.v1';
const workerTypes = [puppetType({ options: { events: [{ key: LIVE, log: false }] } })];

const idOf = ({ bytes }: SubscribedEvent) => readEnvelope(bytes).eventId;

/** Reports events named 1 to `count`, a hundred a batch, and calls `after` when so many are acknowledged. */
async function flood(
  puppet: Puppet,
  { count, key, payloadBytes, after = async () => {} }: FloodOptions,
): Promise<void> {
  const stream = puppet.reportEventBatches();
  const eventPayload = Buffer.alloc(payloadBytes);
  for (let sequence = 1; (sequence - 1) * 100 < count; sequence += 1) {
    const ids = Array.from({ length: 100 }, (_, at) => String((sequence - 1) * 100 + at + 1));
    const events = ids.map((eventId) => envelope({ eventTypeKey: key, eventId, eventPayload }));
    stream.send(batch(sequence, events));
    await stream.answers.until((answers) => Number(answers.at(-1)?.sequence ?? 0) >= sequence);
    await after(sequence * 100);
  }
  stream.end();
}

interface FloodOptions {
  readonly count: number;
  readonly key: string;
  readonly payloadBytes: number;
  readonly after?: (reported: number) => Promise<unknown>;
}

describe.each(['memory', 'nats'] as const)('a subscriber over %s that does not read', (adapter) => {
  let server: RunningNatsServer | undefined;
  let daemon: InProcessDaemon;

  beforeAll(async () => {
    server = adapter === 'nats' ? await startNatsServer() : undefined;
    daemon = await startDaemon({ workerTypes, ...(server === undefined ? {} : { natsUrl: server.url }) });
  });
  afterAll(async () => {
    await daemon[Symbol.asyncDispose]();
    await server?.[Symbol.asyncDispose]();
  });

  async function subscribed(puppet: Puppet, request: SubscribeToEventsRequest = {}) {
    const events = daemon.client.subscribe({ simulationId: puppet.ids.simulationId, ...request });
    await events.live;
    return events;
  }

  test('misses the oldest live events, is told exactly how many, and holds nobody up', async () => {
    const puppet = await startRegistered(daemon);
    const [slow, quick] = [await subscribed(puppet), await subscribed(puppet)];
    slow.pause();
    const count = 8_000;
    await flood(puppet, { count, key: LIVE, payloadBytes: 1_000, after: (reported) => quick.count(reported) });
    expect(quick.messages.at(-1)?.dropped).toBe(0);
    slow.resume();
    await slow.until((messages) => messages.length > 0 && idOf(messages.at(-1) as SubscribedEvent) === String(count));
    const dropped = slow.messages.at(-1)?.dropped ?? 0;
    expect(dropped).toBeGreaterThan(0);
    expect(slow.messages.length + dropped).toBe(count);
    // What was dropped is what is missing before each event.
    for (const [at, message] of slow.messages.entries()) {
      expect(Number(idOf(message)) - at - 1).toBeLessThanOrEqual(message.dropped);
    }
    expect(await puppet.heartbeat()).toBeDefined();
  });

  test('with BLOCK gets all live events, as long as its buffer holds them', async () => {
    const puppet = await startRegistered(daemon);
    const events = await subscribed(puppet, { overflow: 'OVERFLOW_POLICY_BLOCK' });
    const quick = await subscribed(puppet);
    events.pause();
    const count = 8_000;
    await flood(puppet, { count, key: LIVE, payloadBytes: 1_000, after: (reported) => quick.count(reported) });
    events.resume();
    const received = await events.count(count);
    expect(received.map(idOf)).toEqual(Array.from({ length: count }, (_, at) => String(at + 1)));
    expect(received.at(-1)?.dropped).toBe(0);
  });

  test.each([
    ['BLOCK', 6_000],
    ['DISCONNECT', 1_500],
  ] as const)('with %s ends RESOURCE_EXHAUSTED when its buffer is full', async (policy, count) => {
    const puppet = await startRegistered(daemon);
    const events = await subscribed(puppet, { overflow: `OVERFLOW_POLICY_${policy}` });
    const quick = await subscribed(puppet);
    events.pause();
    await flood(puppet, { count, key: LIVE, payloadBytes: 8_000, after: (reported) => quick.count(reported) });
    events.resume();
    expect(await events.ended()).toMatchObject({
      code: 'RESOURCE_EXHAUSTED',
      reason: 'CAPACITY_EXHAUSTED',
      message: expect.stringContaining(policy),
    });
    const ids = events.messages.map(idOf);
    expect(ids).toEqual(ids.map((_, at) => String(at + 1)));
    expect(events.messages.length).toBeLessThan(count);
  });

  test('of logged events costs a page each, holds nobody up, and then gets all of them', async () => {
    const puppet = await startRegistered(daemon);
    const stalled = await Promise.all(Array.from({ length: 10 }, () => subscribed(puppet)));
    const quick = await subscribed(puppet);
    for (const events of stalled) events.pause();
    const count = 5_000;
    const before = heldBytes();
    // 40 MB: kept for each of the stalled ones, it would be 400.
    await flood(puppet, { count, key: LOGGED, payloadBytes: 8_000, after: (reported) => quick.count(reported) });
    expect(heldBytes() - before).toBeLessThan(300 * 1024 * 1024);
    for (const events of stalled) events.resume();
    for (const events of stalled) {
      const received = await events.count(count);
      expect(received.map(idOf)).toEqual(quick.messages.map(idOf));
      expect(received.at(-1)?.dropped).toBe(0);
    }
  });
});

/** The events that the quick one has read are among them. */
function heldBytes(): number {
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
}

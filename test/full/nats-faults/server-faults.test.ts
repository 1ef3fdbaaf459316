import { setTimeout as delay } from 'node:timers/promises';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { Flood } from './flood.ts';

async function serverFor(): Promise<RunningNatsServer> {
  const server = await startNatsServer();
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** Nothing more enters the log, however long the workers would go on. */
async function demandStandstill(flood: Flood): Promise<void> {
  let last = -1;
  await until('nothing more is logged', async () => {
    const now = await flood.totalLogged();
    const stands = now === last;
    last = now;
    await delay(500);
    return stands;
  });
  expect(last).toBeLessThan(flood.runs.length * flood.events);
}

test('a server that is killed under a flood and comes back', async () => {
  const server = await serverFor();
  const flood = await Flood.start(server.url);
  flood.beginOutage();
  await server.kill();
  await flood.untilNotReady(/^503 not ready: not connected to NATS: \S+ was lost, .*start it, or mend the way to it$/);
  await demandStandstill(flood);
  await delay(5_000);
  await flood.demandHeldBack();
  expect(await flood.metric('shoal_log_held_back')).toBe(1);
  await server.restart();
  await flood.demandAllLogged(server.url);
});

test('a server that hangs for longer than it may leave pings unanswered', async () => {
  const server = await serverFor();
  const flood = await Flood.start(server.url);
  flood.beginOutage();
  await server.pause();
  await flood.untilNotReady(/^503 not ready: not connected to NATS: \S+ was lost, it answers no pings/);
  await delay(5_000);
  await flood.demandHeldBack();
  server.resume();
  await flood.demandAllLogged(server.url);
});

test('a server that comes and goes every 300 ms', async () => {
  const server = await serverFor();
  const flood = await Flood.start(server.url, { eventsPerSecond: 1_200 });
  flood.beginOutage();
  for (let times = 0; times < 15; times += 1) {
    await delay(300);
    await server.kill();
    await delay(300);
    await server.restart();
  }
  await flood.demandHeldBack();
  await flood.demandAllLogged(server.url);
  expect(await flood.metric('shoal_nats_reconnects_total')).toBeGreaterThan(3);
});

test('a stream that refuses what is new for some seconds', async () => {
  const server = await serverFor();
  const client = await connect({ servers: server.url });
  onTestFinished(() => client.close());
  const manager = await jetstreamManager(client);
  const flood = await Flood.start(server.url);
  flood.beginOutage();
  // Above what it holds by then: with less the server would drop the oldest, whatever is said of new ones.
  const { messages } = (await manager.streams.info('LOGGING_EVENTS')).state;
  await manager.streams.update('LOGGING_EVENTS', { max_msgs: messages + 1_000, discard: 'new' } as object);
  await flood.untilNotReady(/^503 not ready: event log: maximum messages exceeded; the stream is full and refuses/);
  await delay(5_000);
  await flood.demandHeldBack();
  await manager.streams.update('LOGGING_EVENTS', { max_msgs: -1, discard: 'old' } as object);
  await flood.demandAllLogged(server.url);
});

test('a server that comes back with an empty store: what was not acknowledged is logged, and readers are told', async () => {
  const server = await serverFor();
  const flood = await Flood.start(server.url);
  const reader = flood.daemon.client.subscribe({ eventTypeKeys: ['fake.logged.v1'], fromBeginning: true });
  await reader.count(100);
  flood.beginOutage();
  await server.kill();
  await flood.untilNotReady(/not connected to NATS/);
  await server.restart({ empty: true });
  expect(await reader.ended()).toMatchObject({
    code: 'RESOURCE_EXHAUSTED',
    message: expect.stringContaining('the log was replaced'),
  });
  await flood.demandRestLogged(server.url);
  expect(flood.daemon.log.map(({ msg }) => msg)).toContain(
    'event log stream is another one: the one before is gone with what it held; readers begin anew',
  );
});

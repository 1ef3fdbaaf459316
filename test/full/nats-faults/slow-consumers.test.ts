import { once } from 'node:events';
import { connect as connectSocket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { connect } from 'nats';
import { expect, onTestFinished, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { Flood } from './flood.ts';

/** A server that is soon at the end of its patience. */
async function serverFor(): Promise<RunningNatsServer> {
  const server = await startNatsServer({ config: 'write_deadline: "1s"\nmax_pending: 1MB' });
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

test('a NATS client that never reads is dropped by its server, and does nothing to Shoal', async () => {
  const server = await serverFor();
  const socket = connectSocket(server.port, '127.0.0.1');
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.pause();
  socket.write('CONNECT {"verbose":false}\r\nSUB events.> 1\r\nSUB logging.> 2\r\n');
  const flood = await Flood.start(server.url);
  flood.beginOutage();
  await flood.demandAllLogged(server.url);
  expect(await flood.metric('shoal_nats_reconnects_total')).toBe(0);
  expect(await flood.metric('shoal_bus_dropped_total')).toBe(0);
});

test('a daemon that did not read for too long is dropped by the server, connects again and goes on', async () => {
  const server = await serverFor();
  const flood = await Flood.start(server.url, { eventsPerSecond: 1_500 });
  const reader = flood.daemon.client.subscribe({ eventTypeKeys: ['fake.quiet.v1'] });
  await reader.live;
  flood.daemon.kill('SIGSTOP');
  const client = await connect({ servers: server.url });
  onTestFinished(() => client.close());
  const bytes = Buffer.alloc(100_000);
  for (let turn = 0; turn < 30; turn += 1) {
    for (let at = 0; at < 20; at += 1) client.publish('events.somebody.else', bytes);
    await client.flush();
    await delay(100);
  }
  flood.daemon.kill('SIGCONT');
  await until(
    'it was dropped and has connected again',
    async () => (await flood.metric('shoal_nats_reconnects_total')) > 0,
  );
  const before = reader.messages.length;
  await reader.count(before + 100);
  reader.cancel();
  await flood.demandAllLogged(server.url);
});

import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type BreakableProxy, breakableProxy } from '../../chaos/setting/breakable-proxy.ts';
import { until } from '../../support/daemon/until.ts';

let server: Server;
let proxy: BreakableProxy;
let client: Socket;
let heard = '';
beforeEach(async () => {
  server = createServer((socket) => socket.on('error', () => {}).pipe(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  proxy = await breakableProxy((server.address() as { port: number }).port);
  heard = '';
  client = connect(proxy.port, '127.0.0.1').on('error', () => {});
  client.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  client.write('one');
  await until('the echo comes', () => heard === 'one');
});
afterEach(async () => {
  client.destroy();
  await proxy[Symbol.asyncDispose]();
  await new Promise((resolve) => server.close(resolve));
});

test('what is said while it is held comes when it is released, in order', async () => {
  proxy.hold();
  client.write('two');
  const other = connect(proxy.port, '127.0.0.1');
  const answer = once(other, 'data');
  other.write('three');
  expect(await Promise.race([once(client, 'data'), answer, quarterSecond()])).toBe('nothing');
  proxy.release();
  client.write('four');
  await until('the echoes come', () => heard === 'onetwofour');
  expect(String(await answer)).toBe('three');
  other.destroy();
});

test('latency holds each piece and keeps their order', async () => {
  proxy.latencyMs = 50;
  const startedMs = performance.now();
  client.write('two');
  await until('the echo comes', () => heard === 'onetwo');
  expect(performance.now() - startedMs).toBeGreaterThanOrEqual(100);
  client.write('three');
  proxy.latencyMs = 0;
  client.write('four');
  await until('the echoes come', () => heard === 'onetwothreefour');
});

test('cutting ends the connections that there are, and not those to come', async () => {
  const closed = once(client, 'close');
  proxy.cut();
  await closed;
  const next = connect(proxy.port, '127.0.0.1');
  next.write('again');
  expect(String(await once(next, 'data'))).toBe('again');
  next.destroy();
});

function quarterSecond(): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve('nothing'), 250));
}

import { tracingChannel } from 'node:diagnostics_channel';
import { once } from 'node:events';
import { connect, type Server } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { describe, expect, onTestFinished, test } from 'vitest';
import { CallMetrics } from '../../../src/adapters/grpc/call-metrics.ts';
import { unary } from '../../../src/adapters/grpc/calls.ts';
import { GrpcListener } from '../../../src/adapters/grpc/grpc-listener.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { HttpListener } from '../../../src/adapters/http/http-listener.ts';
import { failureOf, unaryCall } from '../../support/daemon/calls.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';
import { emptyCall, INITIAL_WINDOW_SIZE } from '../../support/http2/frames.ts';
import { RawPeer } from '../../support/http2/raw-peer.ts';

const methods = loadProtos().tree.fes.orchestration.v1.OrchestratorAdminService.service;
const LONG_MS = 600_000;
const UNREAD_MS = 300;
const MAX_MESSAGE_BYTES = 4_000_000;

async function listen(
  connections: Partial<{ max: number; idleMs: number; pingEveryMs: number; pingTimeoutMs: number }>,
) {
  const nothing = (): void => {};
  const implementation: UntypedServiceImplementation = {
    getInfo: unary(() => ({ version: 'x'.repeat(100_000) }), nothing),
    reloadConfig: unary(() => ({ changed: ['x'.repeat(MAX_MESSAGE_BYTES)] }), nothing),
    drain: unary(() => delay(100, {}), nothing),
    undrain: nothing,
  };
  const log = new RecordingLog();
  const metrics = new CallMetrics();
  const listener = new GrpcListener({
    name: 'test grpc',
    configKey: 'grpc.test.listen',
    listen: () => '127.0.0.1:0',
    portHolder: () => undefined,
    services: () => [{ definition: methods as unknown as ServiceDefinition, implementation }],
    maxReceiveBytes: () => MAX_MESSAGE_BYTES,
    maxConcurrentStreams: () => 100,
    connections: () => ({ max: 100, idleMs: LONG_MS, pingEveryMs: LONG_MS, pingTimeoutMs: LONG_MS, ...connections }),
    unreadMs: UNREAD_MS,
    log,
    metrics,
  });
  await listener.start();
  onTestFinished(() => listener.stop());
  return { listener, log, figures: () => metrics.connections.get('test grpc') };
}

/** The servers of this process that begin to listen while `begin` runs. */
async function serversOf(begin: () => Promise<unknown>): Promise<Server[]> {
  const servers: Server[] = [];
  const heard = { asyncStart: (message: unknown) => servers.push((message as { server: Server }).server) };
  const listening = tracingChannel('net.server.listen');
  listening.subscribe(heard as never);
  await begin();
  listening.unsubscribe(heard as never);
  return servers;
}

function client(address: string): Client {
  const made = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  onTestFinished(() => made.close());
  return made;
}

const getInfo = (of: Client) => unaryCall(of, methods.GetInfo, {});

describe('a connection to a gRPC address', () => {
  test('beyond grpc.connections.max is closed, told once in the log, and counted; those before it go on', async () => {
    const { listener, log, figures } = await listen({ max: 2 });
    const first = client(listener.address);
    await getInfo(first);
    const second = await RawPeer.greeting(listener.address);
    for (let at = 0; at < 3; at += 1) {
      const surplus = client(listener.address);
      expect((await failureOf(getInfo(surplus))).code).toBe('UNAVAILABLE');
      // It would try again and again, and get the place that is to be free.
      surplus.close();
    }
    await getInfo(first);
    expect(figures()?.open).toBe(2);
    expect(figures()?.refused).toBeGreaterThanOrEqual(3);
    const told = log.lines.filter((line) => line.message === 'connections refused: grpc.connections.max is reached');
    expect(told).toHaveLength(1);
    second.destroy();
    await until('its place is free', () => figures()?.open === 1);
    await getInfo(client(listener.address));
  });

  test('that the system could not hand over is told in the log, and the next is served', async () => {
    const made: Awaited<ReturnType<typeof listen>>[] = [];
    const servers = await serversOf(async () => made.push(await listen({})));
    expect(servers).toHaveLength(1);
    for (const server of servers) server.emit('error', new Error('accept ENETDOWN'));
    expect(made[0]?.log.errors).toEqual([expect.stringContaining('accept ENETDOWN')]);
    await getInfo(client(made[0]?.listener.address ?? ''));
  });

  test('without a call is closed after grpc.connections.idle, and the next call opens another', async () => {
    const { listener, figures } = await listen({ idleMs: 200 });
    const idle = client(listener.address);
    await getInfo(idle);
    await until('it is closed', () => figures()?.open === 0);
    await getInfo(idle);
    const silent = (await RawPeer.greeting(listener.address)).read();
    await until('one that never calls is closed too', () => silent.closed);
  });

  test('whose peer does not answer pings is closed: one that is stopped, or whose cable was cut', async () => {
    const { listener } = await listen({ pingEveryMs: 200, pingTimeoutMs: 200 });
    const stopped = await RawPeer.greeting(listener.address);
    const mute = (await RawPeer.connect(listener.address)).read();
    await until('the mute one is closed', () => mute.closed);
    stopped.read();
    await until('the stopped one is closed', () => stopped.closed);
    const healthy = client(listener.address);
    await getInfo(healthy);
  });

  test('that leaves its answers unread is closed', async () => {
    const { listener, log } = await listen({});
    const greedy = (await RawPeer.greeting(listener.address, { [INITIAL_WINDOW_SIZE]: 0 })).read();
    await greedy.write(emptyCall(1, methods.GetInfo.path));
    await until('it is closed', () => greedy.closed);
    expect(log.lines.map((line) => line.message)).toContain('connection dropped: its peer does not read its answers');
  });

  test('whose calls end before their answer is there, or whose answer is too large, is not taken for one that does not read', async () => {
    const { listener, log, figures } = await listen({});
    const hasty = client(listener.address);
    for (let at = 0; at < 20; at += 1) {
      const call = unaryCall(hasty, methods.Drain, {}, { deadlineMs: 20 });
      expect(await failureOf(call)).toMatchObject({ code: 'DEADLINE_EXCEEDED' });
    }
    expect(await failureOf(unaryCall(hasty, methods.ReloadConfig, {}))).toMatchObject({ code: 'RESOURCE_EXHAUSTED' });
    // Longer than an answer may stay unread.
    await delay(2 * UNREAD_MS);
    expect(figures()?.open).toBe(1);
    expect(log.lines.map((line) => line.message)).toEqual(['grpc listener started']);
  });

  test('with metadata of more than 16 KiB is told so, one with far more is cut, and the next call is served', async () => {
    const { listener } = await listen({});
    const large = client(listener.address);
    const sized = (bytes: number) => ({ metadata: { 'x-large': 'y'.repeat(bytes) } });
    expect(await failureOf(unaryCall(large, methods.GetInfo, {}, sized(20_000)))).toMatchObject({
      code: 'INVALID_ARGUMENT',
      metadata: { field: 'metadata' },
    });
    // By HTTP/2 itself, before gRPC sees it.
    await expect(unaryCall(large, methods.GetInfo, {}, sized(1_000_000))).rejects.toThrow(/INTERNAL|UNAVAILABLE/);
    await getInfo(client(listener.address));
  });
});

describe('a connection to the HTTP address', () => {
  async function http() {
    const listener = new HttpListener({
      listen: () => '127.0.0.1:0',
      metrics: async () => ({ contentType: 'text/plain', text: 'ok' }),
      notReady: () => undefined,
      portHolder: () => undefined,
      log: new RecordingLog(),
    });
    await listener.start();
    onTestFinished(() => listener.stop());
    return listener;
  }

  test('that the system could not hand over does not end the daemon, also the second time', async () => {
    const servers = await serversOf(http);
    expect(servers).toHaveLength(1);
    for (const server of servers) {
      server.emit('error', new Error('accept ENETDOWN'));
      server.emit('error', new Error('accept ENETDOWN'));
    }
  });

  test('that sends its headers byte by byte is closed with 408', async () => {
    const { address } = await http();
    const socket = connect(Number(address.split(':')[1]), '127.0.0.1');
    onTestFinished(() => void socket.destroy());
    socket.on('error', () => {});
    let said = '';
    socket.on('data', (bytes) => {
      said += bytes.toString();
    });
    const drip = setInterval(() => socket.write('X'), 100);
    socket.write('GET /healthz HTTP/1.1\r\nX-Slow: ');
    await once(socket, 'close');
    clearInterval(drip);
    expect(said).toMatch(/^HTTP\/1\.1 408 /);
  });

  test('with headers of more than 8 KiB is told 431', async () => {
    const { address } = await http();
    const response = await fetch(`http://${address}/healthz`, { headers: { 'x-large': 'y'.repeat(9_000) } });
    expect(response.status).toBe(431);
    expect((await fetch(`http://${address}/healthz`)).status).toBe(200);
  });

  test('beyond 256 is closed, and those that are open are served', async () => {
    const { address } = await http();
    const sockets = Array.from({ length: 300 }, () => connect(Number(address.split(':')[1]), '127.0.0.1'));
    onTestFinished(() => {
      for (const socket of sockets) socket.destroy();
    });
    let closed = 0;
    for (const socket of sockets)
      socket
        .on('error', () => {})
        .on('close', () => (closed += 1))
        .resume();
    await until('the surplus is closed', () => closed >= 44);
    sockets.at(0)?.destroy();
    await until('a place is free', async () => (await fetch(`http://${address}/healthz`).catch(() => undefined))?.ok);
  });
});

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Client, credentials, type ServiceDefinition, type UntypedServiceImplementation } from '@grpc/grpc-js';
import { expect, onTestFinished, test } from 'vitest';
import { CallMetrics } from '../../../src/adapters/grpc/call-metrics.ts';
import { unary } from '../../../src/adapters/grpc/calls.ts';
import { GrpcListener } from '../../../src/adapters/grpc/grpc-listener.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { ShoalError } from '../../../src/domain/shoal-error.ts';
import { failureOf, type MethodOf, unaryCall } from '../../support/daemon/calls.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

const methods = loadProtos().tree.fes.orchestration.v1.OrchestratorAdminService.service;

/** A listener whose admin service answers as the test wants. */
async function listen(implementation: UntypedServiceImplementation): Promise<GrpcListener> {
  const definition = methods as unknown as ServiceDefinition;
  const listener = new GrpcListener({
    name: 'test grpc',
    configKey: 'grpc.test.listen',
    listen: () => '127.0.0.1:0',
    portHolder: () => undefined,
    services: () => [{ definition, implementation }],
    maxReceiveBytes: () => 4_000_000,
    maxConcurrentStreams: () => 100,
    connections: () => ({ max: 100, idleMs: 60_000, pingEveryMs: 30_000, pingTimeoutMs: 10_000 }),
    log: new RecordingLog(),
    metrics: new CallMetrics(),
  });
  await listener.start();
  onTestFinished(() => listener.stop());
  return listener;
}

function call<Request, Response>(listener: GrpcListener, method: MethodOf<Request, Response>, request: Request) {
  const client = new Client(listener.address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  onTestFinished(() => client.close());
  return unaryCall(client, method, request);
}

/** A connection that is open and says only what it is told to. */
async function connection(listener: GrpcListener, says = ''): Promise<Socket> {
  const [host = '', port = ''] = listener.address.split(':');
  const socket = connect(Number(port), host);
  socket.on('error', () => {});
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(says);
  return socket.resume();
}

test('whatever a handler throws, at once or later, its text stays here', async () => {
  const thrown: unknown[] = [];
  const secret = new Error('password=hunter2 at /secret/path');
  const answering = (act: () => Promise<never>) => unary(act, (error) => thrown.push(error));
  const listener = await listen({
    getInfo: answering(() => {
      throw secret;
    }),
    reloadConfig: answering(() => Promise.reject(secret)),
    drain: answering(() => Promise.reject(new ShoalError('TIMED_OUT', 'for the caller', { cause: secret }))),
    undrain: answering(() => Promise.reject('a text of somebody else')),
  });
  const told = await Promise.all([
    failureOf(call(listener, methods.GetInfo, {})),
    failureOf(call(listener, methods.ReloadConfig, {})),
    failureOf(call(listener, methods.Undrain, {})),
    failureOf(call(listener, methods.Drain, {})),
  ]);
  expect(told.map(({ code, reason }) => [code, reason])).toEqual([
    ['INTERNAL', 'INVARIANT_BROKEN'],
    ['INTERNAL', 'INVARIANT_BROKEN'],
    ['INTERNAL', 'INVARIANT_BROKEN'],
    ['DEADLINE_EXCEEDED', 'TIMED_OUT'],
  ]);
  expect(told.at(-1)?.message).toBe('for the caller');
  expect(JSON.stringify(told)).not.toMatch(/hunter2|secret|somebody/);
  expect(thrown).toHaveLength(4);
});

test('stop ends in time, whoever does not: a call without an answer, a mute connection, half an HTTP/2 greeting', async () => {
  const asked = Promise.withResolvers<void>();
  const listener = await listen({
    getInfo: unary(
      () => {
        asked.resolve();
        return new Promise<never>(() => {});
      },
      () => {},
    ),
    reloadConfig: () => {},
    drain: () => {},
    undrain: () => {},
  });
  const unanswered = failureOf(call(listener, methods.GetInfo, {}));
  await asked.promise;
  const sockets = [await connection(listener), await connection(listener, 'PRI * HTTP/2.0\r\n\r\n')];
  const closed = sockets.map((socket) => once(socket, 'close'));
  const began = performance.now();
  await listener.stop();
  expect(performance.now() - began).toBeLessThan(4_000);
  expect((await unanswered).code).toMatch(/^(UNAVAILABLE|CANCELLED)$/);
  await Promise.all(closed);
  const [host = '', port = ''] = listener.address.split(':');
  const refused = connect(Number(port), host);
  expect((await once(refused, 'error'))[0]).toMatchObject({ code: 'ECONNREFUSED' });
});

test('stop ends at once when nobody is there', async () => {
  const nothing = (): void => {};
  const listener = await listen({ getInfo: nothing, reloadConfig: nothing, drain: nothing, undrain: nothing });
  const began = performance.now();
  await listener.stop();
  await listener.stop();
  expect(performance.now() - began).toBeLessThan(900);
});

import { once } from 'node:events';
import { chmod, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { expect, test } from 'vitest';
import { freePort } from '../../../src/adapters/system/free-port.ts';
import { spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { examine } from './examine.ts';

test('a NATS server must answer, with JetStream, and be new enough', async () => {
  await using server = await startNatsServer();
  await using config = await writeConfig({ natsUrl: server.url });
  expect((await examine(config)).checks['messaging.nats.urls']).toMatchObject({
    status: 'ok',
    message: expect.stringMatching(/^a NATS server \d+\.\d+\.\d+ with JetStream answers$/),
  });
  await server.restart({ jetstream: false });
  expect((await examine(config)).checks['messaging.nats.urls']).toMatchObject({
    status: 'fail',
    message: expect.stringContaining('JetStream does not answer'),
    cure: expect.stringContaining('-js'),
  });
  const info = { server_id: 'X', version: '2.9.9', proto: 1, max_payload: 1_048_576, headers: true };
  const old = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (text) => String(text).includes('PING') && socket.write('PONG\r\n'));
    socket.write(`INFO ${JSON.stringify(info)}\r\n`);
  }).listen(0, '127.0.0.1');
  await once(old, 'listening');
  await using another = await writeConfig({ natsUrl: `nats://127.0.0.1:${(old.address() as AddressInfo).port}` });
  expect((await examine(another)).checks['messaging.nats.urls']).toMatchObject({
    status: 'fail',
    message: 'the server is 2.9.9',
    cure: 'expected 2.9.10 or newer',
  });
  old.close();
});

test('a nats-server of this machine is told with its version, where it is fit to run', async () => {
  await using config = await writeConfig({});
  const program = join(config.folder, 'nats-server');
  const found = async (text: string) => {
    await writeFile(program, text);
    await chmod(program, 0o755);
    return (await examine(config, { PATH: `${config.folder}:/usr/bin:/bin` })).checks['nats-server'];
  };
  expect(await found('#!/bin/sh\necho "nats-server: v2.9.10"\n')).toMatchObject({
    status: 'ok',
    message: `2.9.10 at ${program} (PATH)`,
  });
  expect(await found('#!/bin/sh\necho "nats-server: v2.9.9"\n')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('is older than 2.9.10'),
  });
  expect(await found('#!/bin/sh\nexit 3\n')).toMatchObject({
    status: 'warn',
    message: expect.stringContaining('cannot be run'),
  });
  expect(await examine(config, { NATS_SERVER_BIN: '/nowhere' })).toMatchObject({
    exitCode: 1,
    checks: { 'nats-server': { status: 'fail', cure: 'correct it or unset it' } },
  });
});

test('a stream that could not hold the log, or is full, is told with what to do', async () => {
  await using server = await startNatsServer();
  await using config = await writeConfig({ natsUrl: server.url });
  const client = await connect({ servers: server.url });
  const manager = await jetstreamManager(client);
  await manager.streams.add({ name: 'LOGGING_EVENTS', subjects: ['something.else'] });
  expect((await examine(config)).checks['messaging.nats.stream']).toMatchObject({
    status: 'fail',
    message: expect.stringContaining(
      'the existing stream LOGGING_EVENTS cannot hold the log: it captures something.else',
    ),
    cure: expect.stringContaining('change the stream, or name another one'),
  });
  const subjects = ['logging.events.raw', 'logging.events.raw.>'];
  await manager.streams.update('LOGGING_EVENTS', { subjects, max_msgs: 1, discard: 'new' } as object);
  await jetstream(client).publish('logging.events.raw', 'x');
  expect((await examine(config)).checks['messaging.nats.stream']).toMatchObject({
    status: 'fail',
    message: 'LOGGING_EVENTS is full and refuses new events (discard: new)',
    cure: 'raise its limits, or let it drop the oldest',
  });
  await client.close();
});

test('a daemon that runs and is not ready says why', async () => {
  await using server = await startNatsServer();
  const port = await freePort();
  const sections = { http: { listen: `127.0.0.1:${port}` } };
  await using config = await writeConfig({ natsUrl: server.url, sections });
  await using daemon = await spawnDaemon({}, config);
  expect((await examine(config)).checks['running daemon']).toMatchObject({ status: 'ok', message: 'is ready' });
  await server.kill();
  await until('it is not ready', async () => (await daemon.readiness()).startsWith('503'));
  expect((await examine(config)).checks['running daemon']).toMatchObject({
    status: 'fail',
    message: expect.stringMatching(/^not connected to NATS: .* was lost, /),
    cure: 'start it, or mend the way to it',
  });
});

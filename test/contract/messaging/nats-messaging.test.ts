import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll } from 'vitest';
import { NatsEventBus } from '../../../src/adapters/nats/nats-event-bus.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { describeEventBus } from './event-bus-suite.ts';
import { describeEventLog } from './event-log-suite.ts';
import { natsConfig, never, readStream, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

let server: RunningNatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describeEventBus('nats event bus', async () => {
  const log = new RecordingLog();
  const connection = await startedConnection(natsConfig(server.url), log);
  const bus = new NatsEventBus(connection, log);
  await bus.start();
  return {
    bus,
    log,
    async close() {
      await bus.stop();
      await connection.stop();
    },
  };
});

describeEventLog('nats event log', async () => {
  const recording = new RecordingLog();
  // A server may bring a stream that was just deleted back to life under the same name.
  const config = natsConfig(server.url, { name: `LOG_${crypto.randomUUID()}` });
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording);
  await log.start(never());
  return {
    log,
    tooManyBytes: connection.server.maxPayloadBytes,
    stored: () => readStream(server.url, config.stream.name),
    async close() {
      await log.stop();
      const manager = await jetstreamManager(connection.client);
      await manager.streams.delete(config.stream.name);
      await connection.stop();
    },
  };
});

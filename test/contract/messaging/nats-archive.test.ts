import { jetstreamManager } from '@nats-io/jetstream';
import { afterAll, beforeAll } from 'vitest';
import { NatsEventArchive } from '../../../src/adapters/nats/nats-event-archive.ts';
import { NatsEventLog } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { describeArchiveRetention } from './archive-retention-suite.ts';
import { describeEventArchive, type OpenArchive } from './event-archive-suite.ts';
import { natsConfig, never, startedConnection } from './nats-fixture.ts';
import { RecordingLog } from './recording-log.ts';

let server: RunningNatsServer;

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server[Symbol.asyncDispose]());

async function open(stream: Partial<NatsStreamConfig> = {}, maxEntries = -1): Promise<OpenArchive> {
  const recording = new RecordingLog();
  // A server may bring a stream that was just deleted back to life under the same name.
  const config = natsConfig(server.url, { name: `LOG_${crypto.randomUUID()}`, ...stream });
  const connection = await startedConnection(config, recording);
  const log = new NatsEventLog(connection, config, recording);
  await log.start(never());
  const { streamName, subject } = log;
  const archive = new NatsEventArchive({ connection, subject, streamName: () => streamName });
  const manager = await jetstreamManager(connection.client);
  await manager.streams.update(streamName, { max_msgs: maxEntries });
  const stop = async (): Promise<void> => {
    await archive.stop();
    await log.stop();
  };
  return {
    log,
    archive,
    stop,
    async close() {
      await stop();
      await manager.streams.delete(streamName);
      await connection.stop();
    },
  };
}

describeEventArchive('nats event archive', () => open());
describeEventArchive('nats event archive, one subject for all', () => open({ subject: 'logging.events.raw' }));
describeEventArchive('nats event archive, a subject for each simulation', () =>
  open({ subject: 'logging.events.raw.{simulation_id}' }),
);
describeArchiveRetention('nats event archive with retention', () => open({}, 1_000));

import { type JetStreamManager, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { onTestFinished } from 'vitest';
import { NatsCommandChannel } from '../../../src/adapters/nats/nats-command-channel.ts';
import { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsEventArchive } from '../../../src/adapters/nats/nats-event-archive.ts';
import { NatsEventBus } from '../../../src/adapters/nats/nats-event-bus.ts';
import { NatsEventLog, type NatsEventLogOptions } from '../../../src/adapters/nats/nats-event-log.ts';
import type { NatsConfig, NatsStreamConfig } from '../../../src/domain/configuration.ts';
import { natsConfig, never } from '../../contract/messaging/nats-fixture.ts';
import { RecordingLog } from '../../contract/messaging/recording-log.ts';
import { type NatsServerOptions, type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';

export interface NatsParts {
  readonly connection: NatsConnection;
  readonly bus: NatsEventBus;
  readonly log: NatsEventLog;
  readonly archive: NatsEventArchive;
  readonly channel: NatsCommandChannel;
  readonly recording: RecordingLog;
}

export async function serverFor(options: NatsServerOptions = {}): Promise<RunningNatsServer> {
  const server = await startNatsServer(options);
  onTestFinished(() => server[Symbol.asyncDispose]());
  return server;
}

/** What the daemon has of NATS, with a ping every 100 ms. */
export async function partsOver(
  url: string,
  more: {
    readonly stream?: Partial<NatsStreamConfig>;
    readonly nats?: Partial<NatsConfig>;
    readonly log?: NatsEventLogOptions;
  } = {},
): Promise<NatsParts> {
  const recording = new RecordingLog();
  const config = { ...natsConfig(url, { ackTimeoutMs: 300, ...more.stream }), ...more.nats };
  const connection = new NatsConnection(config, recording, { reconnectWaitMs: 20, drainTimeoutMs: 300 });
  await connection.start(never());
  const bus = new NatsEventBus(connection, recording);
  const log = new NatsEventLog(connection, config, recording, { drainTimeoutMs: 300, ...more.log });
  const archive = new NatsEventArchive({
    connection,
    subject: log.subject,
    streamName: () => log.streamName,
    outageTimeoutMs: 10_000,
  });
  const channel = new NatsCommandChannel(connection, recording);
  const parts = [bus, log, archive, channel];
  onTestFinished(async () => {
    for (const part of parts.toReversed()) await part.stop();
    await connection.stop();
  });
  for (const part of parts) await part.start(never());
  return { connection, bus, log, archive, channel, recording };
}

/** Of somebody else, who looks after the server. */
export async function managerOf(url: string): Promise<JetStreamManager> {
  const client = await connect({ servers: url.replace(/\/\/.*@/, '//'), ...loginOf(url), maxReconnectAttempts: -1 });
  onTestFinished(() => client.close());
  return await jetstreamManager(client);
}

function loginOf(url: string): { user?: string; pass?: string } {
  const { username: user, password: pass } = new URL(url);
  return user === '' ? {} : { user, pass };
}

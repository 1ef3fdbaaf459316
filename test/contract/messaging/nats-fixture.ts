import { DeliverPolicy, jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from 'nats';
import { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import type { NatsConfig, NatsStreamConfig } from '../../../src/domain/configuration.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { StoredEvent } from './log-entries.ts';

export function natsConfig(url: string, stream: Partial<NatsStreamConfig> = {}): NatsConfig {
  return {
    urls: [url],
    managed: false,
    connectTimeoutMs: 5_000,
    stream: {
      name: 'LOGGING_EVENTS',
      subject: 'logging.events.raw.{simulation_id}.{event_type_key}',
      storage: 'file',
      replicas: 1,
      maxBytes: 0,
      maxAgeMs: 0,
      duplicateWindowMs: 120_000,
      maxInFlight: 4_096,
      ackTimeoutMs: 2_000,
      ...stream,
    },
  };
}

export async function startedConnection(config: NatsConfig, log: Log): Promise<NatsConnection> {
  const connection = new NatsConnection(config, log);
  await connection.start(never());
  return connection;
}

export function never(): AbortSignal {
  return new AbortController().signal;
}

/** Reads a whole stream with a client of its own. */
export async function readStream(
  url: string,
  name = 'LOGGING_EVENTS',
  login: { readonly user?: string; readonly pass?: string } = {},
): Promise<StoredEvent[]> {
  const client = await connect({ servers: url, ...login });
  try {
    const manager = await jetstreamManager(client);
    const { state } = await manager.streams.info(name);
    const events: StoredEvent[] = [];
    if (state.messages === 0) return events;
    const consumer = await jetstream(client).consumers.get(name, { deliver_policy: DeliverPolicy.All });
    for await (const message of await consumer.consume({ max_messages: 5_000 })) {
      const [simulationId = '', eventId = ''] = (message.headers?.get('Nats-Msg-Id') ?? '').split('/');
      events.push({ sequence: message.seq, simulationId, eventId, bytes: message.data });
      if (message.info.pending === 0) break;
    }
    return events;
  } finally {
    await client.close();
  }
}

import { InMemoryEventBus } from '../adapters/memory/in-memory-event-bus.ts';
import { InMemoryEventLog } from '../adapters/memory/in-memory-event-log.ts';
import { NatsCommandChannel } from '../adapters/nats/nats-command-channel.ts';
import { NatsConnection } from '../adapters/nats/nats-connection.ts';
import { NatsEventBus } from '../adapters/nats/nats-event-bus.ts';
import { NatsEventLog } from '../adapters/nats/nats-event-log.ts';
import type { Reading } from '../adapters/prometheus/prometheus-metrics.ts';
import { single } from '../adapters/prometheus/prometheus-metrics.ts';
import type { NatsConfig } from '../domain/configuration.ts';
import type { CommandChannel } from '../ports/command-channel.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { EventLog } from '../ports/event-log.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';

/** The messaging adapter that the configuration chose, as one family. */
export interface Messaging {
  readonly bus: EventBus;
  readonly log: EventLog;
  /** Reaches workers that hear commands through the bus; absent when only streams do. */
  readonly channel?: CommandChannel;
  readonly defaultTransport: 'nats' | 'grpc';
  /** In the order in which they start. */
  readonly parts: readonly ManagedPart[];
  readonly readings: readonly Reading[];
  /** Empty without a server. */
  serverVersion(): string;
  /** Largest message that can be published. */
  maxMessageBytes(): number;
  /** Why it cannot be used now; undefined when it can. */
  trouble(): string | undefined;
}

export function memoryMessaging(log: Log): Messaging {
  const bus = new InMemoryEventBus(log);
  const eventLog = new InMemoryEventLog();
  return {
    bus,
    log: eventLog,
    defaultTransport: 'grpc',
    parts: [bus, eventLog],
    readings: [],
    serverVersion: () => '',
    maxMessageBytes: () => Number.POSITIVE_INFINITY,
    trouble: () => undefined,
  };
}

export function natsMessaging(config: NatsConfig, log: Log): Messaging {
  const connection = new NatsConnection(config, log);
  const bus = new NatsEventBus(connection, log);
  const eventLog = new NatsEventLog(connection, config, log);
  const channel = new NatsCommandChannel(connection);
  return {
    bus,
    log: eventLog,
    channel,
    defaultTransport: 'nats',
    parts: [connection, bus, eventLog, channel],
    readings: [
      single('shoal_nats_connected', '1 while connected.', 'gauge', () => Number(connection.connected)),
      single(
        'shoal_nats_reconnects_total',
        'How often the connection was lost and found again.',
        'counter',
        () => connection.reconnects,
      ),
      single('shoal_bus_waiting_batches', 'Batches that wait for the bus.', 'gauge', () => bus.waitingBatches),
      single(
        'shoal_log_in_flight',
        'Appends sent and not yet acknowledged.',
        'gauge',
        () => eventLog.statistics.inFlight,
      ),
      single(
        'shoal_log_recoveries_total',
        'How often appends were sent again.',
        'counter',
        () => eventLog.statistics.recoveries,
      ),
      single(
        'shoal_log_displaced_total',
        'Entries stored behind one that was sent after them; only a cluster that changes its leader can do that.',
        'counter',
        () => eventLog.statistics.displaced,
      ),
      single(
        'shoal_log_duplicates_total',
        'Appends that the log had already.',
        'counter',
        () => eventLog.statistics.duplicates,
      ),
    ],
    serverVersion: () => (connection.connected ? connection.server.version : ''),
    maxMessageBytes: () => connection.server.maxPayloadBytes,
    trouble: () => (connection.connected ? undefined : 'not connected to NATS'),
  };
}

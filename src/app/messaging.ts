import { InMemoryEventBus } from '../adapters/memory/in-memory-event-bus.ts';
import { MANAGED_BY, ManagedNatsServer } from '../adapters/nats/managed-nats-server.ts';
import { NatsCommandChannel } from '../adapters/nats/nats-command-channel.ts';
import { NatsConnection } from '../adapters/nats/nats-connection.ts';
import { NatsEventArchive } from '../adapters/nats/nats-event-archive.ts';
import { NatsEventBus } from '../adapters/nats/nats-event-bus.ts';
import { NatsEventLog } from '../adapters/nats/nats-event-log.ts';
import { syncsAlways } from '../adapters/nats/server-monitor.ts';
import { ProcessTable } from '../adapters/process/process-table.ts';
import type { Reading } from '../adapters/prometheus/prometheus-metrics.ts';
import { single } from '../adapters/prometheus/prometheus-metrics.ts';
import { portHolder } from '../adapters/system/port-holder.ts';
import type { NatsConfig } from '../domain/configuration.ts';
import type { CommandChannel } from '../ports/command-channel.ts';
import type { EventArchive } from '../ports/event-archive.ts';
import type { EventBus } from '../ports/event-bus.ts';
import type { Durability, EventLog } from '../ports/event-log.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';

/** The messaging adapter that the configuration chose, as one family. */
export interface Messaging {
  readonly bus: EventBus;
  readonly log: EventLog;
  /** What the log keeps, for readers. */
  readonly archive: EventArchive;
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

/** The log of a daemon without a server. */
export type EmbeddedLog = EventLog & EventArchive & ManagedPart & { readonly trouble?: string | undefined };

export function memoryMessaging(log: Log, eventLog: EmbeddedLog): Messaging {
  const bus = new InMemoryEventBus(log);
  return {
    bus,
    log: eventLog,
    archive: eventLog,
    defaultTransport: 'grpc',
    parts: [bus, eventLog],
    readings: [],
    serverVersion: () => '',
    maxMessageBytes: () => Number.POSITIVE_INFINITY,
    trouble: () => eventLog.trouble,
  };
}

export interface NatsMessagingOptions {
  readonly config: NatsConfig;
  /** The least that the log must survive. */
  readonly durability: Durability;
  /** Where a managed server has its store. */
  readonly folder: string;
  readonly log: Log;
}

export function natsMessaging({ config, durability, folder, log }: NatsMessagingOptions): Messaging {
  const server = config.managed ? managedServer(config, folder, durability === 'fsynced', log) : undefined;
  const connection = new NatsConnection(config, log);
  const bus = new NatsEventBus(connection, log);
  const eventLog = new NatsEventLog(connection, config, log, {
    demanded: durability,
    syncsAlways: syncing(config, durability),
  });
  const archive = new NatsEventArchive({
    connection,
    subject: eventLog.subject,
    streamName: () => eventLog.streamName,
  });
  const channel = new NatsCommandChannel(connection);
  return {
    bus,
    log: eventLog,
    archive,
    channel,
    defaultTransport: 'nats',
    parts: [...(server === undefined ? [] : [server]), connection, bus, eventLog, archive, channel],
    readings: [
      single('shoal_nats_connected', '1 while connected.', 'gauge', () => Number(connection.connected)),
      single(
        'shoal_nats_reconnects_total',
        'How often the connection was lost and found again.',
        'counter',
        () => connection.reconnects,
      ),
      single(
        'shoal_bus_dropped_total',
        'Live messages that were given up because NATS was away for too long.',
        'counter',
        () => bus.dropped,
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

function managedServer({ urls }: NatsConfig, folder: string, syncAlways: boolean, log: Log): ManagedNatsServer {
  const processes = new ProcessTable();
  const leftBehind = () => processes.pids().filter((pid) => processes.variable(pid, MANAGED_BY) === folder);
  const [url = ''] = urls;
  return new ManagedNatsServer({ url, folder, syncAlways, environment: process.env, leftBehind, portHolder, log });
}

/** A managed server does what it was told to; of another, its monitoring address tells. */
function syncing({ managed, monitor }: NatsConfig, durability: Durability) {
  return async (signal: AbortSignal): Promise<boolean> => {
    if (managed) return durability === 'fsynced';
    return monitor === undefined ? false : syncsAlways(monitor, signal);
  };
}

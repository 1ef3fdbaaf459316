import { InMemoryEventBus } from '../adapters/memory/in-memory-event-bus.ts';
import { MANAGED_BY, ManagedNatsServer } from '../adapters/nats/managed-nats-server.ts';
import { ManagedServerWatch } from '../adapters/nats/managed-server-watch.ts';
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
  /** Absent without a server. */
  readonly connection?: NatsConnection;
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
  const channel = new NatsCommandChannel(connection, log);
  const watch = server === undefined ? [] : [watchOf(server, connection, eventLog)];
  return {
    bus,
    log: eventLog,
    archive,
    channel,
    connection,
    defaultTransport: 'nats',
    parts: [...(server === undefined ? [] : [server]), connection, bus, eventLog, archive, channel, ...watch],
    readings: [
      ...(server === undefined ? [] : [restartsOf(server)]),
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
      single(
        'shoal_bus_refused_total',
        'Live messages that the NATS user of Shoal was not allowed to publish; nobody got them.',
        'counter',
        () => bus.refused,
      ),
      single(
        'shoal_command_posts_dropped_total',
        'Agent actions that were not sent to their workers, because NATS was away or too slow.',
        'counter',
        () => channel.dropped,
      ),
      single('shoal_log_held_back', '1 while the log does not take events; /readyz says why.', 'gauge', () =>
        Number(eventLog.trouble !== undefined || !connection.connected),
      ),
      single(
        'shoal_log_waiting_bytes',
        'Of events that wait to be sent to the log.',
        'gauge',
        () => eventLog.statistics.waitingBytes,
      ),
      single(
        'shoal_log_turned_away_batches_total',
        'Batches not taken because too much was waiting for the log; workers send them again.',
        'counter',
        () => eventLog.statistics.turnedAway,
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
    trouble: () => server?.trouble ?? connection.trouble ?? eventLog.trouble ?? bus.trouble ?? channel.trouble,
  };
}

function restartsOf(server: ManagedNatsServer): Reading {
  const meaning = 'How often the managed nats-server was started again.';
  return single('shoal_nats_server_restarts_total', meaning, 'counter', () => server.restarts);
}

/** Who runs the server can restart it; of another one, the reason is told to whoever runs that. */
function watchOf(server: ManagedNatsServer, connection: NatsConnection, eventLog: NatsEventLog): ManagedServerWatch {
  const ailment = (): string | undefined =>
    connection.trouble ?? (eventLog.isUnanswered ? eventLog.trouble : undefined);
  return new ManagedServerWatch({ ailment, restart: (reason) => server.restart(reason) });
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

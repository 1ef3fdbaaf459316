import { randomUUID } from 'node:crypto';
import { InMemoryCheckpointStore } from '../adapters/memory/in-memory-checkpoint-store.ts';
import { InMemoryCommandJournal } from '../adapters/memory/in-memory-command-journal.ts';
import { InMemoryEventLog } from '../adapters/memory/in-memory-event-log.ts';
import { InMemoryRegistryStore } from '../adapters/memory/in-memory-registry-store.ts';
import type { NatsConnection } from '../adapters/nats/nats-connection.ts';
import { NatsRegistryStore } from '../adapters/nats/nats-registry-store.ts';
import type { DataFolder } from '../adapters/sqlite/data-folder.ts';
import { LocalRegistryFile } from '../adapters/sqlite/local-registry-file.ts';
import { SqliteCheckpointStore } from '../adapters/sqlite/sqlite-checkpoint-store.ts';
import { SqliteCommandJournal } from '../adapters/sqlite/sqlite-command-journal.ts';
import { SqliteEventLog } from '../adapters/sqlite/sqlite-event-log.ts';
import { SqliteRegistryStore } from '../adapters/sqlite/sqlite-registry-store.ts';
import type { DaemonIdentity } from '../adapters/system/daemon-identity.ts';
import type { ShoalConfig } from '../domain/configuration.ts';
import type { CheckpointStore } from '../ports/checkpoint-store.ts';
import type { CommandJournal } from '../ports/command-journal.ts';
import type { Log } from '../ports/log.ts';
import type { ManagedPart } from '../ports/managed-part.ts';
import type { RegistryStore } from '../ports/registry-store.ts';
import type { EmbeddedLog } from './messaging.ts';

/** The log of a daemon that runs alone, as durable as the configuration asks. */
export function embeddedEventLog({ messaging, retention }: ShoalConfig, folder: DataFolder, log: Log): EmbeddedLog {
  const { durability } = messaging;
  if (durability === 'memory') return new InMemoryEventLog();
  const { maxAgeMs, maxBytes } = retention.events;
  return new SqliteEventLog({
    file: folder.file('events.db'),
    durability,
    retention: { ...(maxAgeMs > 0 && { maxAgeMs }), ...(maxBytes > 0 && { maxBytes }) },
    log,
  });
}

export interface RegistryStoreParts {
  readonly folder: DataFolder;
  readonly identity: DaemonIdentity;
  /** Absent without a server. */
  readonly connection?: NatsConnection | undefined;
  readonly log: Log;
}

export interface DurableRegistry extends RegistryStore, ManagedPart {
  /** Why it cannot be written; undefined when it can. */
  readonly trouble?: string | undefined;
}

/** Where simulations are remembered. */
export function registryStore(config: ShoalConfig, parts: RegistryStoreParts): DurableRegistry {
  const { messaging, registry } = config;
  const { folder, identity, connection, log } = parts;
  const { durability } = messaging;
  if (durability === 'memory') return new InMemoryRegistryStore(Date.now());
  const file = folder.file('registry.db');
  if (registry.store === 'local' || connection === undefined) return new SqliteRegistryStore({ file, durability, log });
  const { onUnavailable, connectTimeoutMs } = messaging.nats;
  return new NatsRegistryStore({
    connection,
    config: registry,
    ownerId: () => identity.orchestratorId,
    writer: randomUUID(),
    revisionFloor: Date.now(),
    startTimeoutMs: onUnavailable === 'wait' ? Number.POSITIVE_INFINITY : connectTimeoutMs,
    legacy: new LocalRegistryFile({ file, durability, log }),
    log,
  });
}

/** What records of commands under way survive is what the registry survives. */
export function commandJournal({ messaging }: ShoalConfig, folder: DataFolder, log: Log): CommandJournal & ManagedPart {
  const { durability } = messaging;
  if (durability === 'memory') return new InMemoryCommandJournal();
  return new SqliteCommandJournal({ file: folder.file('commands.db'), durability, log });
}

/** Checkpoints of ledgers: in the data folder, also where the log is NATS's. */
export function checkpointStore(
  { messaging }: ShoalConfig,
  folder: DataFolder,
  log: Log,
): CheckpointStore & ManagedPart {
  if (messaging.durability === 'memory') return new InMemoryCheckpointStore();
  return new SqliteCheckpointStore({ file: folder.file('checkpoints.db'), log });
}

import { InMemoryEventLog } from '../adapters/memory/in-memory-event-log.ts';
import { InMemoryRegistryStore } from '../adapters/memory/in-memory-registry-store.ts';
import type { DataFolder } from '../adapters/sqlite/data-folder.ts';
import { SqliteEventLog } from '../adapters/sqlite/sqlite-event-log.ts';
import { SqliteRegistryStore } from '../adapters/sqlite/sqlite-registry-store.ts';
import type { ShoalConfig } from '../domain/configuration.ts';
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

/** Where simulations are remembered. */
export function registryStore({ messaging }: ShoalConfig, folder: DataFolder, log: Log): RegistryStore & ManagedPart {
  const { durability } = messaging;
  if (durability === 'memory') return new InMemoryRegistryStore(Date.now());
  return new SqliteRegistryStore({ file: folder.file('registry.db'), durability, log });
}

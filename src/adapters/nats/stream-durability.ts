import type { StreamConfig } from '@nats-io/jetstream';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Durability } from '../../ports/event-log.ts';

const CLASSES: readonly Durability[] = ['memory', 'acknowledged', 'fsynced'];

/** @param syncsAlways whether the server writes through to the disk before it acknowledges (`sync_interval: always`) */
export function durabilityOf(stream: Partial<StreamConfig>, syncsAlways: boolean): Durability {
  // persist_mode async (2.12 and later) acknowledges before anything is written.
  if (stream.storage === 'memory' || stream.persist_mode === 'async') return 'memory';
  return syncsAlways ? 'fsynced' : 'acknowledged';
}

/** @throws ShoalError CONFIG_INVALID when the log is less durable than `messaging.durability` demands */
export function demandDurability(found: Durability, demanded: Durability, streamName: string): void {
  if (CLASSES.indexOf(found) >= CLASSES.indexOf(demanded)) return;
  const field = 'messaging.durability';
  const why =
    found === 'memory'
      ? `the stream ${streamName} is kept in memory; give it file storage (messaging.nats.stream.storage)`
      : 'nothing says that the server writes through to the disk; start it with `jetstream { sync_interval: always }`, and name its monitoring address in messaging.nats.monitor';
  throw new ShoalError('CONFIG_INVALID', `${field}: ${demanded} is demanded, and ${why}; or demand ${found}`, {
    metadata: { field, stream: streamName },
  });
}

import { DiscardPolicy, StorageType, type StreamConfig } from '@nats-io/jetstream';
import { ShoalError } from '../../domain/shoal-error.ts';

/**
 * Whether a bucket that exists already can hold the registry. It is never changed: its limits are its operator's.
 *
 * @throws ShoalError CONFIG_INVALID
 */
export function examineBucket(bucket: string, config: StreamConfig): void {
  const flaw = flawOf(config);
  if (flaw === undefined) return;
  const field = 'registry.bucket';
  throw new ShoalError('CONFIG_INVALID', `${field}: the bucket ${bucket} ${flaw}; change it, or name another one`, {
    metadata: { field, bucket },
  });
}

function flawOf(config: StreamConfig): string | undefined {
  if (config.mirror !== undefined) return 'is a mirror, which nobody can write to';
  if (config.sealed) return 'is sealed';
  if (config.max_age > 0) return 'forgets its entries after a time';
  if (config.max_msgs > 0) return 'forgets its oldest entries when there are too many';
  if (config.discard === DiscardPolicy.Old && config.max_bytes > 0) return 'forgets its oldest entries when it is full';
  if (config.storage === StorageType.Memory) return 'is in memory, and messaging.durability asks for more';
  return undefined;
}

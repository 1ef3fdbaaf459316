import { NatsConnection } from '../../../src/adapters/nats/nats-connection.ts';
import { NatsRegistryStore, type NatsRegistryStoreOptions } from '../../../src/adapters/nats/nats-registry-store.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { natsConfig, never } from '../messaging/nats-fixture.ts';

export interface RegistryInBucket extends AsyncDisposable {
  readonly store: NatsRegistryStore;
  readonly connection: NatsConnection;
  readonly log: RecordingLog;
}

let writers = 0;

/** As a daemon that has just started sees it. */
export async function openRegistry(
  url: string,
  options: Partial<Omit<NatsRegistryStoreOptions, 'connection' | 'log'>> = {},
): Promise<RegistryInBucket> {
  const log = new RecordingLog();
  const connection = new NatsConnection(natsConfig(url), log, { reconnectWaitMs: 50 });
  await connection.start(never());
  writers += 1;
  const store = new NatsRegistryStore({
    connection,
    config: { store: 'jetstream', bucket: 'shoal_registry', replicas: 1 },
    ownerId: () => 'shoal-1',
    writer: `writer-${writers}`,
    revisionFloor: 0,
    startTimeoutMs: 5_000,
    log,
    ...options,
  });
  await store.start(never());
  return {
    store,
    connection,
    log,
    async [Symbol.asyncDispose]() {
      await store.stop();
      await connection.stop();
    },
  };
}

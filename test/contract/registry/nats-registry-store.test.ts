import { afterAll, beforeAll } from 'vitest';
import { type RunningNatsServer, startNatsServer } from '../../support/nats-server.ts';
import { openRegistry } from './registry-in-bucket.ts';
import { describeRegistryStore } from './registry-store-suite.ts';

let server: RunningNatsServer;
let buckets = 0;

beforeAll(async () => {
  server = await startNatsServer();
});
afterAll(() => server[Symbol.asyncDispose]());

describeRegistryStore('nats registry store', async () => {
  buckets += 1;
  const config = { store: 'jetstream', bucket: `registry_${buckets}`, replicas: 1 } as const;
  const opened = await openRegistry(server.url, { config });
  return { store: opened.store, close: async () => opened[Symbol.asyncDispose]() };
});

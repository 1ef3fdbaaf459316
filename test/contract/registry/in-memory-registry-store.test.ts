import { InMemoryRegistryStore } from '../../../src/adapters/memory/in-memory-registry-store.ts';
import { describeRegistryStore } from './registry-store-suite.ts';

describeRegistryStore('in-memory registry store', async () => ({
  store: new InMemoryRegistryStore(),
  close: async () => {},
}));

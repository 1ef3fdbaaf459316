import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SqliteRegistryStore } from '../../../src/adapters/sqlite/sqlite-registry-store.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { describeRegistryStore } from './registry-store-suite.ts';

describeRegistryStore('sqlite registry store', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-registry-'));
  const file = join(folder, 'registry.db');
  const store = new SqliteRegistryStore({ file, durability: 'acknowledged', log: new RecordingLog() });
  await store.start();
  return {
    store,
    async close() {
      await store.stop();
      rmSync(folder, { recursive: true });
    },
  };
});

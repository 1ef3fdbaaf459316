import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { SqliteRegistryStore } from '../../../src/adapters/sqlite/sqlite-registry-store.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { aSimulation } from '../../unit/domain/simulation/a-simulation.ts';
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

test('what an sqlite registry refuses is no fault of its storage', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-registry-'));
  const log = new RecordingLog();
  const store = new SqliteRegistryStore({ file: join(folder, 'registry.db'), durability: 'acknowledged', log });
  await store.start();
  const { revision } = await store.create(aSimulation({}));
  await expect(store.create(aSimulation({}))).rejects.toMatchObject({ code: 'SIMULATION_EXISTS' });
  await expect(store.update(aSimulation({}), revision + 7)).rejects.toMatchObject({ code: 'REVISION_CONFLICT' });
  expect(log.lines).toEqual([]);
  await store.stop();
  rmSync(folder, { recursive: true });
});

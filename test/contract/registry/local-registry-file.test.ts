import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { LocalRegistryFile } from '../../../src/adapters/sqlite/local-registry-file.ts';
import { SqliteRegistryStore } from '../../../src/adapters/sqlite/sqlite-registry-store.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { record } from './a-record.ts';
import { openRegistry } from './registry-in-bucket.ts';

test('a daemon that begins to use NATS takes its records along, and leaves the file aside', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-registry-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const options = { file: join(folder, 'registry.db'), durability: 'acknowledged', log: new RecordingLog() } as const;
  const local = new SqliteRegistryStore(options);
  await local.start();
  await local.create(record('a', { ownerId: 'shoal-before', seed: 7n }));
  await local.create(record('taken', { ownerId: 'shoal-before' }));
  await local.stop();

  await using server = await startNatsServer();
  await using other = await openRegistry(server.url, { ownerId: () => 'shoal-2' });
  await other.store.create(record('taken', { ownerId: 'shoal-2' }));
  await using opened = await openRegistry(server.url, { legacy: new LocalRegistryFile(options) });
  expect((await opened.store.list()).map(({ simulation }) => simulation)).toEqual([record('a', { seed: 7n })]);
  expect(opened.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
    { message: 'record of the local registry was left behind', fields: { simulationId: 'taken' } },
  ]);
  expect(readdirSync(folder)).toEqual(['registry.db.taken-over']);
  expect(await new LocalRegistryFile(options).list()).toEqual([]);
});

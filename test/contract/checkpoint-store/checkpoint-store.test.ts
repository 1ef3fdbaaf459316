import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InMemoryCheckpointStore } from '../../../src/adapters/memory/in-memory-checkpoint-store.ts';
import { SqliteCheckpointStore } from '../../../src/adapters/sqlite/sqlite-checkpoint-store.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';
import { EMPTY_LEDGER, type LedgerState } from '../../../src/domain/ledger/ledger-state.ts';
import { RecordingLog } from '../messaging/recording-log.ts';

const [a, b, c] = [parseSimulationId('a'), parseSimulationId('b'), parseSimulationId('c')];
const STATE: LedgerState = {
  ...EMPTY_LEDGER,
  logIdentity: 'LOGGING_EVENTS@2026',
  place: 7,
  lastNumber: 3,
  unused: [2, 2],
  logged: { 'sim.a.v1': 2 },
  ordinals: { 'w-1': [1, 3, 5, 5] },
};

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-checkpoints-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

function sqliteStore(): SqliteCheckpointStore {
  return new SqliteCheckpointStore({ file: join(folder, 'checkpoints.db'), log: new RecordingLog() });
}

describe.each([
  ['in memory', () => new InMemoryCheckpointStore()],
  ['in an SQLite file', sqliteStore],
])('checkpoints %s', (_, make) => {
  test('are read as they were written last, until they are removed', async () => {
    const store = make();
    await store.start();
    await store.write([
      { simulationId: a, state: EMPTY_LEDGER },
      { simulationId: b, state: STATE },
    ]);
    await store.write([{ simulationId: a, state: STATE }]);
    expect([await store.read(a), await store.read(b), await store.read(c)]).toEqual([STATE, STATE, undefined]);
    await store.remove(a);
    await store.remove(c);
    expect([await store.read(a), await store.read(b)]).toEqual([undefined, STATE]);
    await store.stop();
  });

  test('of all but those that are named are forgotten together', async () => {
    const store = make();
    await store.start();
    await store.write([a, b, c].map((simulationId) => ({ simulationId, state: STATE })));
    await store.keepOnly([b]);
    expect([await store.read(a), await store.read(b), await store.read(c)]).toEqual([undefined, STATE, undefined]);
    await store.keepOnly([]);
    expect(await store.read(b)).toBeUndefined();
    await store.stop();
  });
});

test.each<[string, (state: Record<string, unknown>) => unknown]>([
  ['a list', () => []],
  ['nothing', () => null],
  ['one without a field', ({ place: _, ...rest }) => rest],
  ['a place that is a text', (state) => ({ ...state, place: '7' })],
  ['a place beyond 2^53', (state) => ({ ...state, place: 2 ** 53 })],
  ['intervals that are a record', (state) => ({ ...state, unused: {} })],
  ['ordinals that are no intervals', (state) => ({ ...state, ordinals: { 'w-1': 'all' } })],
])('a row of another form (%s) is as good as none', async (_, change) => {
  const store = sqliteStore();
  await store.start();
  await store.write([{ simulationId: a, state: change({ ...STATE }) as LedgerState }]);
  expect(await store.read(a)).toBeUndefined();
  await store.stop();
});

test('they are there for the next process, in one file', async () => {
  const store = sqliteStore();
  await store.start();
  await store.write([{ simulationId: a, state: STATE }]);
  await store.stop();
  using database = new DatabaseSync(join(folder, 'checkpoints.db'));
  expect(database.prepare('SELECT count(*) AS rows FROM checkpoint').get()).toEqual({ rows: 1 });
});

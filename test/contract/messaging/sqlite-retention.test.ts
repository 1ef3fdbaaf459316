import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { LogRetentionOptions } from '../../../src/adapters/sqlite/log-retention.ts';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import { parseSimulationId } from '../../../src/domain/ids.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { until } from '../../support/daemon/until.ts';
import { eventIds, loggedEvent, readToEnd } from './event-archive-suite.ts';

const MIB = 1024 * 1024;
let folder: string;
let nowMs = 1_000_000;
let log: SqliteEventLog;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-retention-'));
});
afterEach(async () => {
  await log.stop();
  rmSync(folder, { recursive: true });
});

async function open(retention: LogRetentionOptions): Promise<void> {
  const file = join(folder, 'events.db');
  log = new SqliteEventLog({
    file,
    durability: 'acknowledged',
    retention,
    log: new RecordingLog(),
    nowMs: () => nowMs,
  });
  await log.start();
}

const fromFirst = () => log.open({ from: { sequence: 1 } });
const kept = async () => eventIds(await readToEnd(await fromFirst()));
const big = (id: string, simulation = 's1') => loggedEvent(simulation, id, 'sim.a.v1', 'x'.repeat(10_000));

test('the oldest events go when the log is too large on disk, and its file stays bounded', async () => {
  await open({ maxBytes: 2 * MIB });
  for (let at = 0; at < 200; at += 1) {
    await log.append(Array.from({ length: 20 }, (_, each) => big(`${at}-${each}`)));
  }
  await until('retention has caught up', () => log.table.usedBytes <= 2 * MIB);
  const ids = await kept();
  expect(ids.length).toBeGreaterThan(50);
  expect(ids.at(-1)).toBe('199-19');
  expect(await log.lastSequence()).toBe(4_000);
  expect(statSync(join(folder, 'events.db')).size).toBeLessThan(8 * MIB);
});

test('events go when they are too old, and no other', async () => {
  await open({ maxAgeMs: 60_000 });
  await log.append([big('old-1'), big('old-2', 's2')]);
  nowMs += 30_000;
  await log.append([big('young')]);
  expect(await kept()).toEqual(['old-1', 'old-2', 'young']);
  nowMs += 30_001;
  await until('the old events are gone', async () => (await kept()).length < 3);
  expect(await kept()).toEqual(['young']);
  const held = ['s1', 's2'].map((id) => log.holds(parseSimulationId(id)));
  expect(await Promise.all(held)).toEqual([true, false]);
});

test('what has become too old while no daemon ran goes when one starts', async () => {
  await open({ maxAgeMs: 60_000 });
  await log.append([big('old')]);
  await log.stop();
  nowMs += 120_000;
  await open({ maxAgeMs: 60_000 });
  await until('it is gone', async () => (await kept()).length === 0);
  expect(await log.lastSequence()).toBe(1);
});

test('an event is recognised while it is kept, and no longer', async () => {
  await open({ maxAgeMs: 60_000 });
  const first = await log.append([big('e1')]);
  expect(await log.append([big('e1')])).toEqual({ ...first, firstSequence: 0, duplicates: [0] });
  nowMs += 60_001;
  await until('it is gone', async () => (await kept()).length === 0);
  expect((await log.append([big('e1')])).lastSequence).toBe(first.lastSequence + 1);
});

test('a reader that retention has overtaken is told; one that waits for what seldom comes is not', async () => {
  const { signal } = new AbortController();
  await open({ maxAgeMs: 60_000 });
  await log.append([big('e1'), big('e2')]);
  const slow = await fromFirst();
  const patient = await log.open({ from: 'end', simulationIds: [parseSimulationId('rare')] });
  const page = patient.next({ wait: true, signal });
  await log.append([big('e3')]);
  nowMs += 60_001;
  await log.append([big('e4')]);
  await until('the old events are gone', async () => (await kept()).length === 1);
  await expect(slow.next({ wait: true, signal })).rejects.toMatchObject({
    code: 'CAPACITY_EXHAUSTED',
    metadata: { first_sequence: '4' },
  });
  await log.append([big('at-last', 'rare')]);
  expect(eventIds(await page)).toEqual(['at-last']);
});

test('no append waits long while much is taken away', async () => {
  await open({});
  for (let at = 0; at < 20; at += 1) {
    await log.append(Array.from({ length: 2_000 }, (_, each) => loggedEvent('s1', `${at}-${each}`)));
  }
  await log.stop();
  nowMs += 60_001;
  await open({ maxAgeMs: 60_000 });
  const waits: number[] = [];
  while ((await log.open({ from: { sequence: 1 } })) && log.table.first <= 40_000) {
    const before = performance.now();
    await log.append([loggedEvent('s2', `during-${waits.length}`)]);
    waits.push(performance.now() - before);
  }
  // Appends went on beside it: it was done in steps.
  expect(waits.length).toBeGreaterThan(10);
  expect(waits.sort((a, b) => a - b)[Math.floor(waits.length / 2)]).toBeLessThan(100);
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import type { EventTypeKey, SimulationId } from '../../../src/domain/ids.ts';
import type { LogEntry } from '../../../src/ports/event-log.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { describeEventArchive } from './event-archive-suite.ts';
import { describeEventLog } from './event-log-suite.ts';
import type { StoredEvent } from './log-entries.ts';

const MAX_BYTES = 16 * 1024 * 1024;

async function open(durability: 'acknowledged' | 'fsynced', maxBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-log-'));
  const file = join(folder, 'log.db');
  const retention = maxBytes === undefined ? {} : { maxBytes };
  const log = new SqliteEventLog({ file, durability, retention, log: new RecordingLog() });
  await log.start();
  return { folder, file, log };
}

/** What the file holds, read as anybody would who has SQLite. */
function storedIn(file: string): StoredEvent[] {
  using database = new DatabaseSync(file, { readOnly: true });
  const rows = database.prepare(
    'SELECT sequence, name AS simulationId, event_id AS eventId, envelope AS bytes FROM event JOIN simulation ON number = simulation ORDER BY sequence',
  );
  return rows.all() as unknown as StoredEvent[];
}

describe.each(['acknowledged', 'fsynced'] as const)('%s', (durability) => {
  describeEventLog('sqlite event log', async () => {
    const { folder, file, log } = await open(durability, MAX_BYTES);
    return {
      log,
      tooManyBytes: MAX_BYTES + 1,
      async stored() {
        await log.stop();
        return storedIn(file);
      },
      async close() {
        await log.stop();
        rmSync(folder, { recursive: true });
      },
    };
  });

  describeEventArchive('sqlite event archive', async () => {
    const { folder, log } = await open(durability);
    return {
      log,
      archive: log,
      stop: () => log.stop(),
      async close() {
        await log.stop();
        rmSync(folder, { recursive: true });
      },
    };
  });
});

test('a reader of many pages leaves the event loop its turns', async () => {
  const { folder, log } = await open('acknowledged');
  try {
    const entry = (at: number): LogEntry => ({
      simulationId: 's1' as SimulationId,
      eventTypeKey: 'sim.a.v1' as EventTypeKey,
      eventId: `e${at}`,
      bytes: new Uint8Array(8),
    });
    await log.append(Array.from({ length: 5_000 }, (_, at) => entry(at)));
    const reader = await log.open({ from: { sequence: 1 } });
    let turns = 0;
    const count = () => {
      turns += 1;
      counting = setImmediate(count);
    };
    let counting = setImmediate(count);
    let pages = 0;
    const { signal } = new AbortController();
    while ((await reader.next({ wait: false, signal })).length > 0) pages += 1;
    clearImmediate(counting);
    expect(pages).toBeGreaterThan(3);
    expect(turns).toBeGreaterThanOrEqual(pages - 1);
  } finally {
    await log.stop();
    rmSync(folder, { recursive: true });
  }
});

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe } from 'vitest';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
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

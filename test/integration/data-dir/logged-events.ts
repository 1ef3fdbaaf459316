import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import type { StoredEntry } from '../../../src/ports/event-archive.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

/** Everything in an event log that no daemon holds. */
export async function loggedEvents(file: string): Promise<StoredEntry[]> {
  const log = new SqliteEventLog({ file, durability: 'acknowledged', retention: {}, log: new RecordingLog() });
  await log.start();
  const reader = await log.open({ from: { sequence: 1 } });
  const entries: StoredEntry[] = [];
  for (;;) {
    const page = await reader.next({ wait: false, signal: new AbortController().signal });
    if (page.length === 0) break;
    entries.push(...page);
  }
  await log.stop();
  return entries;
}

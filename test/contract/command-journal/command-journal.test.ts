import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { InMemoryCommandJournal } from '../../../src/adapters/memory/in-memory-command-journal.ts';
import { SqliteCommandJournal } from '../../../src/adapters/sqlite/sqlite-command-journal.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { command, describeCommandJournal, START_MS } from './command-journal-suite.ts';

describeCommandJournal('in-memory command journal', async () => {
  let now = START_MS;
  return {
    journal: new InMemoryCommandJournal({ maxEntries: 20, nowMs: () => now }),
    pass: (ms) => {
      now += ms;
    },
    close: async () => {},
  };
});

describeCommandJournal('sqlite command journal', async () => {
  let now = START_MS;
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const journal = open(folder, () => now);
  await journal.start();
  return {
    journal,
    pass: (ms) => {
      now += ms;
    },
    async close() {
      await journal.stop();
      rmSync(folder, { recursive: true });
    },
  };
});

test('an sqlite command journal is read by the next daemon, and refuses once it is closed', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shoal-journal-'));
  const first = open(folder, () => START_MS);
  await first.start();
  await first.write([command('a')]);
  await first.stop();
  await expect(first.write([command('b')])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
  const second = open(folder, () => START_MS);
  await second.start();
  expect(await second.list()).toEqual([command('a')]);
  await second.stop();
  rmSync(folder, { recursive: true });
});

function open(folder: string, nowMs: () => number): SqliteCommandJournal {
  const file = join(folder, 'commands.db');
  return new SqliteCommandJournal({ file, durability: 'acknowledged', log: new RecordingLog(), maxEntries: 20, nowMs });
}

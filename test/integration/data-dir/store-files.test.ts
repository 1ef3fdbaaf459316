import { createHash } from 'node:crypto';
import {
  copyFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { EVENT_LOG_FORMAT } from '../../../src/adapters/sqlite/event-log-format.ts';
import { SqliteCommandJournal } from '../../../src/adapters/sqlite/sqlite-command-journal.ts';
import { SqliteEventLog } from '../../../src/adapters/sqlite/sqlite-event-log.ts';
import { SqliteRegistryStore } from '../../../src/adapters/sqlite/sqlite-registry-store.ts';
import type { EventTypeKey, SimulationId } from '../../../src/domain/ids.ts';
import { request } from '../../contract/command-journal/command-journal-suite.ts';
import { entry } from '../../contract/messaging/log-entries.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';
import { aSimulation } from '../../unit/domain/simulation/a-simulation.ts';
import { loggedEvents } from './logged-events.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-files-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const durability = 'acknowledged';
const eventLog = (file: string) => new SqliteEventLog({ file, durability, retention: {}, log: new RecordingLog() });
const commandJournal = (file: string) => new SqliteCommandJournal({ file, durability, log: new RecordingLog() });
const registry = (file: string) => new SqliteRegistryStore({ file, durability, log: new RecordingLog() });

async function writeEvents(file: string): Promise<void> {
  const log = eventLog(file);
  await log.start();
  await log.append(Array.from({ length: 500 }, (_, at) => entry('s1', `e${at}`, 'x'.repeat(200))));
  await log.stop();
}

async function writeRegistry(file: string): Promise<void> {
  const store = registry(file);
  await store.start();
  for (let at = 0; at < 100; at += 1) await store.create({ ...aSimulation({}), id: `s${at}` as never });
  await store.stop();
}

async function writeCommands(file: string): Promise<void> {
  const journal = commandJournal(file);
  await journal.start();
  const command = { name: 'custom', key: 'sim.spawn', payload: Buffer.alloc(1_000), contentType: '' } as const;
  for (let at = 0; at < 100; at += 1) await journal.write({ ...request(`r${at}`), atMs: Date.now(), command });
  await journal.stop();
}

interface Kind {
  readonly what: string;
  readonly write: (file: string) => Promise<void>;
  readonly open: (file: string) => { start(): Promise<void>; stop(): Promise<void> };
  /** One of its tables, and a column of another. */
  readonly table: string;
  readonly column: readonly [table: string, name: string];
}

const KINDS: readonly Kind[] = [
  { what: 'event log', write: writeEvents, open: eventLog, table: 'simulation', column: ['state', 'name'] },
  { what: 'registry', write: writeRegistry, open: registry, table: 'simulation', column: ['state', 'name'] },
  {
    what: 'command journal',
    write: writeCommands,
    open: commandJournal,
    table: 'command',
    column: ['request', 'scope'],
  },
];

/** What is done to a sound file, and what is then said of it. */
const DAMAGE: Record<string, [(file: string, kind: Kind) => void, RegExp]> = {
  'is empty': [(file) => truncateSync(file, 0), /is empty/],
  'is a text': [(file) => writeFileSync(file, 'dear diary\n'.repeat(500)), /is no database, or damaged/],
  'is cut off in its first page': [(file) => truncateSync(file, 60), /is no database, or damaged/],
  'is cut off': [(file) => truncateSync(file, 16_384), /is cut off: it has 16384 of \d+ bytes/],
  'is cut off in the middle of a page': [(file) => truncateSync(file, 20_000), /is cut off/],
  'has garbage in the middle': [
    (file) => {
      const bytes = readFileSync(file);
      for (let page = 1; page < bytes.length / 8_192; page += 1) bytes.fill(0x5a, page * 8_192, page * 8_192 + 512);
      writeFileSync(file, bytes);
    },
    /is damaged/,
  ],
  'belongs to another program': [
    (file) => {
      rmSync(file);
      using database = new DatabaseSync(file);
      database.exec('CREATE TABLE bookmarks (url TEXT)');
    },
    /belongs to another program, or is damaged/,
  ],
  'lacks its tables': [
    (file, { table }) => {
      using database = new DatabaseSync(file);
      database.exec(`DROP TABLE ${table}`);
    },
    /lacks its tables/,
  ],
  'was written by a newer Shoal': [
    (file) => {
      using database = new DatabaseSync(file);
      database.exec('PRAGMA user_version = 99');
    },
    /was written by a newer Shoal \(format 99, this one knows \d+\); run that one, or name another data_dir/,
  ],
};

function fingerprints(): string[] {
  return readdirSync(folder)
    .filter((name) => !name.endsWith('-shm'))
    .map(
      (name) =>
        `${name} ${createHash('sha256')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    );
}

/** Paths that this process holds open. */
function openFiles(): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      return [readlinkSync(`/proc/self/fd/${fd}`)];
    } catch {
      return []; // The one with which the folder was read.
    }
  });
}

describe.each(KINDS)('the $what', (kind) => {
  const { what, write, open } = kind;

  test.each(Object.entries(DAMAGE))('that %s is refused and left as it is', async (_, [damage, says]) => {
    const file = join(folder, 'store.db');
    await write(file);
    damage(file, kind);
    const before = fingerprints();
    const refusal = await open(file)
      .start()
      .then(
        () => expect.fail('it was opened'),
        (thrown) => thrown,
      );
    expect(refusal).toMatchObject({ code: 'DATA_DIR_UNUSABLE', message: expect.stringMatching(says) });
    expect(refusal.message).toContain(`data_dir: ${file} (the ${what})`);
    expect(fingerprints()).toEqual(before);
  });

  test('with a table of another shape is closed again', async () => {
    const file = join(folder, 'store.db');
    await write(file);
    const [table, column] = kind.column;
    {
      using database = new DatabaseSync(file);
      database.exec(`ALTER TABLE ${table} RENAME COLUMN ${column} TO other`);
    }
    await expect(open(file).start()).rejects.toThrow(column);
    expect(openFiles().filter((path) => path.startsWith(folder))).toEqual([]);
  });

  test('of which only an unfinished one is there is made anew', async () => {
    const file = join(folder, 'store.db');
    for (const left of [`${file}.new`, `${file}.new-journal`]) writeFileSync(left, 'half of it');
    const opened = open(file);
    await opened.start();
    await opened.stop();
    expect(readdirSync(folder)).toEqual(['store.db']);
  });

  test('that is missing while its write-ahead log is there is not made anew', async () => {
    const file = join(folder, 'store.db');
    writeFileSync(`${file}-wal`, 'what is left');
    await expect(open(file).start()).rejects.toMatchObject({ message: expect.stringContaining('is missing') });
    expect(readdirSync(folder)).toEqual([basename(`${file}-wal`)]);
  });

  test('that is open elsewhere is refused until it is closed there', async () => {
    const file = join(folder, 'store.db');
    await write(file);
    {
      using elsewhere = new DatabaseSync(file);
      elsewhere.exec('BEGIN IMMEDIATE');
      await expect(open(file).start()).rejects.toMatchObject({
        code: 'DATA_DIR_UNUSABLE',
        message: expect.stringContaining('is open in another process; close it there'),
      });
    }
    const opened = open(file);
    await opened.start();
    await opened.stop();
  });

  test('of which a copy was put in its place is as it was then', async () => {
    const file = join(folder, 'store.db');
    await write(file);
    copyFileSync(file, `${file}.copy`);
    writeFileSync(file, 'damage');
    await expect(open(file).start()).rejects.toMatchObject({ code: 'DATA_DIR_UNUSABLE' });
    copyFileSync(`${file}.copy`, file);
    const opened = open(file);
    await opened.start();
    await opened.stop();
  });
});

test('a record of the registry that cannot be read is named, and the file left as it is', async () => {
  const file = join(folder, 'registry.db');
  await writeRegistry(file);
  {
    using database = new DatabaseSync(file);
    database.exec("UPDATE simulation SET record = '{}' WHERE id = 's7'");
  }
  const before = fingerprints();
  await expect(registry(file).start()).rejects.toMatchObject({
    code: 'DATA_DIR_UNUSABLE',
    message: expect.stringContaining(`the record of simulation s7 in ${file} cannot be read`),
  });
  expect(fingerprints()).toEqual(before);
});

test('revisions rise over restarts, also when the newest record was removed', async () => {
  const file = join(folder, 'registry.db');
  const first = registry(file);
  await first.start();
  const { simulation, revision } = await first.create(aSimulation({}));
  await first.remove(simulation.id, revision);
  await first.stop();
  const second = registry(file);
  await second.start();
  expect((await second.create(simulation)).revision).toBeGreaterThan(revision);
  await second.stop();
});

test('sequences rise over restarts, also when every event was removed', async () => {
  const file = join(folder, 'events.db');
  const first = eventLog(file);
  await first.start();
  const one = entry('s1', 'e1');
  const { lastSequence } = await first.append([one]);
  await first.remove(one.simulationId);
  await first.stop();
  const second = eventLog(file);
  await second.start();
  expect(await second.lastSequence()).toBe(lastSequence);
  expect((await second.append([one])).lastSequence).toBeGreaterThan(lastSequence);
  await second.stop();
});

test('damage that shows only later refuses what reads it, as the disk being at fault', async () => {
  const file = join(folder, 'events.db');
  await writeEvents(file);
  const log = eventLog(file);
  await log.start();
  const bytes = readFileSync(file);
  bytes.fill(0x5a, 8_192);
  writeFileSync(file, bytes);
  const read = async () => {
    const reader = await log.open({ from: { sequence: 1 } });
    for (;;) {
      const page = await reader.next({ wait: false, signal: new AbortController().signal });
      if (page.length === 0) return;
    }
  };
  await expect(read()).rejects.toMatchObject({
    code: 'BUS_UNAVAILABLE',
    message: expect.stringContaining('it is damaged'),
  });
  await log.stop().catch(() => {});
});

test('an event log of the first format is brought up to date, with its events', async () => {
  const file = join(folder, 'events.db');
  {
    using database = new DatabaseSync(file);
    const { applicationId, schema } = EVENT_LOG_FORMAT;
    database.exec(schema.replace(/,\s*simulation_sequence [^\n]*/, ''));
    database.exec(`
      INSERT INTO simulation VALUES (1, 's1');
      INSERT INTO event_key VALUES (1, 'sim.a.v1');
      INSERT INTO event VALUES (1, 5, 1, 1, 'old', x'00');
      PRAGMA application_id = ${applicationId};
      PRAGMA user_version = 1;
    `);
  }
  const options = { file, durability: 'acknowledged', retention: {}, log: new RecordingLog() } as const;
  for (const eventId of ['new', 'new']) {
    const log = new SqliteEventLog(options);
    await log.start();
    const eventTypeKey = 'sim.a.v1' as EventTypeKey;
    await log.append([
      { simulationId: 's1' as SimulationId, eventTypeKey, eventId, bytes: new Uint8Array(1), simulationSequence: 1 },
    ]);
    await log.stop();
  }
  const kept = (await loggedEvents(file)).map(({ sequence, simulationSequence }) => ({ sequence, simulationSequence }));
  expect(kept).toEqual([
    { sequence: 1, simulationSequence: 0 },
    { sequence: 2, simulationSequence: 1 },
  ]);
});

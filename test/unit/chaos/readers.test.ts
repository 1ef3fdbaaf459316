import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readJournals } from '../../chaos/checker/journal-reader.ts';
import { sqliteRows } from '../../chaos/checker/sqlite-rows.ts';
import { hashOf, Journal, journalName } from '../../chaos/worker/journal.ts';
import { envelope } from '../../support/daemon/envelopes.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-chaos-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a journal is read as it was written, without a line that was cut off', () => {
  const name = journalName('sim-a', 2, 'w-1');
  const journal = new Journal(folder, name);
  const payload = Buffer.from('1 x');
  journal.begun();
  journal.reporting(1, 'chaos.logged.v1', payload);
  journal.acknowledged(1);
  journal.done('c-1', 'custom', 'command-1');
  journal.hanging();
  journal.ending('done');
  const [read] = readJournals(folder);
  expect(read).toMatchObject({
    simulationId: 'sim-a',
    incarnation: 2,
    workerId: 'w-1',
    acknowledged: 1,
    commands: [{ commandId: 'c-1', name: 'custom', request: 'command-1' }],
    hung: true,
    ended: 'done',
  });
  expect([...(read?.reported ?? [])]).toEqual([[1, { key: 'chaos.logged.v1', hash: hashOf(payload) }]]);
  mkdirSync(join(folder, 'cut'));
  writeFileSync(join(folder, 'cut', name), 'b 1 1000\na 12\na 1');
  expect(readJournals(join(folder, 'cut'))).toMatchObject([{ begunAtMs: 1_000, acknowledged: 12 }]);
});

/** As an `events.db` has it; the checker's own idea of that, so that a change of the format is noticed by the suite. */
function logFile(rows: readonly { readonly eventId: string; readonly bytes: Uint8Array }[]): string {
  const file = join(folder, 'events.db');
  const database = new DatabaseSync(file);
  database.exec(`
    CREATE TABLE simulation (number INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE event_key (number INTEGER PRIMARY KEY, name TEXT);
    CREATE TABLE event (sequence INTEGER PRIMARY KEY, simulation INTEGER, event_key INTEGER, event_id TEXT,
      envelope BLOB, simulation_sequence INTEGER);
    INSERT INTO simulation VALUES (1, 'sim-a');
    INSERT INTO event_key VALUES (1, 'chaos.logged.v1');
  `);
  const insert = database.prepare('INSERT INTO event VALUES (?, 1, 1, ?, ?, ?)');
  for (const [at, { eventId, bytes }] of rows.entries()) insert.run(at + 1, eventId, bytes, at + 1);
  database.close();
  return file;
}

const event = {
  eventId: 'e-1',
  eventTypeKey: 'chaos.logged.v1',
  eventPayload: Buffer.from('7 xx'),
  sourceWorkerId: 'w-1',
  simulationId: 'sim-a',
  ordinal: 300,
};

test('rows of an event log are read from the bytes of their envelopes', () => {
  expect(sqliteRows(logFile([{ eventId: 'e-1', bytes: envelope(event) }]))).toEqual([
    {
      sequence: 1,
      simulationSequence: 1,
      simulationId: 'sim-a',
      key: 'chaos.logged.v1',
      eventId: 'e-1',
      workerId: 'w-1',
      ordinal: 300,
      number: 7,
      hash: hashOf(event.eventPayload),
      payload: undefined,
    },
  ]);
});

test('a row that says another than its envelope is refused', () => {
  const renamed = logFile([{ eventId: 'e-2', bytes: envelope(event) }]);
  expect(() => sqliteRows(renamed)).toThrow('event 1 is stored as e-2 and is e-1');
  rmSync(renamed);
  const moved = logFile([{ eventId: 'e-1', bytes: envelope({ ...event, simulationId: 'sim-b' }) }]);
  expect(() => sqliteRows(moved)).toThrow('event 1 is stored under sim-a and chaos.logged.v1, and is not');
});

import { expect, test } from 'vitest';
import { checkLog } from '../../chaos/checker/check-log.ts';
import type { WorkerJournal } from '../../chaos/checker/journal-reader.ts';
import type { LoggedRow } from '../../chaos/checker/logged-row.ts';
import { LIVE_KEY, LOGGED_KEY } from '../../chaos/worker/character.ts';
import { journal, rowsOf } from './chaos-evidence.ts';

const whole = journal(25);

function findings(rows: readonly LoggedRow[], journals: readonly WorkerJournal[] = [whole]): string[] {
  return checkLog(rows, journals, { isLogged: (key) => key === LOGGED_KEY });
}

/** The whole log, with one row exchanged for others. */
function with7(change: (row: LoggedRow) => readonly LoggedRow[]): LoggedRow[] {
  return rowsOf(whole).flatMap((row) => (row.number === 7 ? change(row) : [row]));
}

test('a log that has every event that is to be logged, once and in order, is right', () => {
  expect(findings(rowsOf(whole))).toEqual([]);
});

test('an acknowledged event that is missing is found', () => {
  expect(findings(with7(() => []))).toEqual(['event 7 of w-1 of sim-a was acknowledged and is not in the log']);
});

test('an event that was not acknowledged may be missing', () => {
  expect(
    findings(
      with7(() => []),
      [{ ...whole, acknowledged: 6 }],
    ),
  ).toEqual([]);
});

test('an event that is not to be logged is not missed, and found where it is logged', () => {
  expect(whole.reported.get(10)?.key).toBe(LIVE_KEY);
  const live = {
    ...(rowsOf(whole)[0] as LoggedRow),
    ...whole.reported.get(10),
    number: 10,
    ordinal: 10,
    eventId: 'ten',
  };
  const rows = rowsOf(whole).flatMap((row) => (row.number === 11 ? [live, row] : [row]));
  expect(findings(rows)).toEqual([
    `event 10 of w-1 of sim-a, 1 in the log, is a ${LIVE_KEY}, which is not to be logged`,
  ]);
});

test('a doubled event is found, under one id and under two', () => {
  const again = 'event 7 of w-1 of sim-a, 7 in the log, is in the log twice';
  expect(findings(with7((row) => [row, row]))).toEqual([again, 'event id sim-a/w-1-7 is in the log twice, again at 7']);
  expect(findings(with7((row) => [row, { ...row, eventId: 'another' }]))).toEqual([again]);
});

test('two events that have changed places are found', () => {
  const rows = rowsOf(whole);
  [rows[3], rows[4]] = [rows[4] as LoggedRow, rows[3] as LoggedRow];
  expect(findings(rows)).toEqual(['event 4 of w-1 of sim-a, 4 in the log, comes behind event 5']);
});

test('an ordinal that falls is found', () => {
  expect(findings(with7((row) => [{ ...row, ordinal: 6 }]))).toEqual([
    'event 7 of w-1 of sim-a, 7 in the log, has ordinal 6 behind 6',
  ]);
});

test('an event that nobody reported, one that was changed, and one under another simulation are found', () => {
  expect(findings(rowsOf(journal(26)))).toEqual(['event 26 of w-1 of sim-a, 24 in the log, was never reported']);
  expect(findings(with7((row) => [{ ...row, hash: 'f00' }]))).toEqual([
    'event 7 of w-1 of sim-a, 7 in the log, is not as it was reported',
  ]);
  expect(findings(with7((row) => [{ ...row, simulationId: 'sim-b' }]))).toEqual([
    'event 7 of w-1 of sim-a, 7 in the log, is under sim-b',
  ]);
});

test('the events of a worker that wrote no journal are found', () => {
  const stranger = journal(1, { workerId: 'w-2' });
  expect(findings([...rowsOf(whole), ...rowsOf(stranger, 24)])).toEqual([
    'the log has events of w-2, which wrote no journal',
  ]);
});

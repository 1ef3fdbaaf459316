import type { WorkerJournal } from './journal-reader.ts';
import type { LoggedRow } from './logged-row.ts';

export interface LogCheck {
  /** Of events: whether the log is to have them. */
  readonly isLogged: (key: string) => boolean;
}

/**
 * Holds the log against what the workers wrote down. A finding is a sentence.
 *
 * Every acknowledged event that is to be logged is there, once, unchanged; nothing is there that no worker reported;
 * the events of one worker are in the order in which it reported them.
 */
export function checkLog(
  rows: readonly LoggedRow[],
  journals: readonly WorkerJournal[],
  { isLogged }: LogCheck,
): string[] {
  const ofWorker = Map.groupBy(
    rows.filter(({ number }) => number !== undefined),
    ({ workerId }) => workerId,
  );
  const known = new Set(journals.map(({ workerId }) => workerId));
  const strangers = [...ofWorker.keys()].filter((workerId) => !known.has(workerId));
  return [
    ...strangers.map((workerId) => `the log has events of ${workerId}, which wrote no journal`),
    ...journals.flatMap((journal) => checkWorker(ofWorker.get(journal.workerId) ?? [], journal, isLogged)),
    ...doubledIds(rows),
  ];
}

function checkWorker(
  rows: readonly LoggedRow[],
  { workerId, simulationId, reported, acknowledged }: WorkerJournal,
  isLogged: LogCheck['isLogged'],
): string[] {
  const findings: string[] = [];
  const who = `${workerId} of ${simulationId}`;
  const seen = new Set<number>();
  let last = { number: 0, ordinal: 0 };
  for (const row of rows) {
    const number = row.number ?? Number.NaN;
    const event = reported.get(number);
    const what = `event ${number} of ${who}, ${row.sequence} in the log,`;
    if (event === undefined) findings.push(`${what} was never reported`);
    else if (event.hash !== row.hash || event.key !== row.key) findings.push(`${what} is not as it was reported`);
    if (row.simulationId !== simulationId) findings.push(`${what} is under ${row.simulationId}`);
    if (!isLogged(row.key)) findings.push(`${what} is a ${row.key}, which is not to be logged`);
    if (seen.has(number)) findings.push(`${what} is in the log twice`);
    else if (number < last.number) findings.push(`${what} comes behind event ${last.number}`);
    else if (row.ordinal <= last.ordinal) findings.push(`${what} has ordinal ${row.ordinal} behind ${last.ordinal}`);
    seen.add(number);
    last = { number: Math.max(number, last.number), ordinal: Math.max(row.ordinal, last.ordinal) };
  }
  for (const [number, { key }] of reported) {
    if (number <= acknowledged && isLogged(key) && !seen.has(number))
      findings.push(`event ${number} of ${who} was acknowledged and is not in the log`);
  }
  return findings;
}

function doubledIds(rows: readonly LoggedRow[]): string[] {
  const seen = new Set<string>();
  return rows.flatMap(({ simulationId, eventId, sequence }) => {
    const id = `${simulationId}/${eventId}`;
    if (seen.has(id)) return [`event id ${id} is in the log twice, again at ${sequence}`];
    seen.add(id);
    return [];
  });
}

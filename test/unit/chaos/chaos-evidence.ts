import type { WorkerJournal } from '../../chaos/checker/journal-reader.ts';
import type { LoggedRow } from '../../chaos/checker/logged-row.ts';
import { LIVE_KEY, LOGGED_KEY } from '../../chaos/worker/character.ts';
import { hashOf } from '../../chaos/worker/journal.ts';

/** What a worker writes that has reported so many events, of which the first `acknowledged` are acknowledged. */
export function journal(events: number, changed: Partial<WorkerJournal> = {}): WorkerJournal {
  const reported = new Map(
    Array.from({ length: events }, (_, at) => {
      const number = at + 1;
      return [number, { key: number % 10 === 0 ? LIVE_KEY : LOGGED_KEY, hash: hashOf(Buffer.from(`${number} `)) }];
    }),
  );
  return {
    simulationId: 'sim-a',
    incarnation: 1,
    workerId: 'w-1',
    begunAtMs: 1_000,
    lastWrittenAtMs: 2_000,
    reported,
    acknowledged: events,
    commands: [],
    hung: false,
    ended: undefined,
    ...changed,
  };
}

/** The rows of the events of that journal, as a log has them that is whole; `from` is the sequence of the first. */
export function rowsOf({ reported, workerId, simulationId }: WorkerJournal, from = 1): LoggedRow[] {
  return [...reported]
    .filter(([, { key }]) => key === LOGGED_KEY)
    .map(([number, { key, hash }], at) => ({
      sequence: from + at,
      simulationSequence: at + 1,
      simulationId,
      key,
      eventId: `${workerId}-${number}`,
      workerId,
      ordinal: number,
      number,
      hash,
      payload: undefined,
    }));
}

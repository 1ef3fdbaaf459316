import { expect, test } from 'vitest';
import { checkEnd, type EndedSimulation, type History } from '../../chaos/checker/check-ends.ts';
import type { WorkerJournal } from '../../chaos/checker/journal-reader.ts';
import { journal } from './chaos-evidence.ts';

const NOTHING_HAPPENED: History = {
  restarts: false,
  maxRestarts: 0,
  adopted: false,
  daemonKills: 0,
  workerKills: 0,
  workerStops: 0,
  stopAsked: false,
};

function findings(
  state: string,
  reason: string,
  history: Partial<History> = {},
  journals: readonly WorkerJournal[] = [journal(5)],
): string[] {
  const incarnation = Math.max(...journals.map((it) => it.incarnation));
  const simulation: EndedSimulation = { simulationId: 'sim-a', state, reason, message: '', incarnation };
  return checkEnd(simulation, { ...NOTHING_HAPPENED, ...history }, journals);
}

test.each<readonly [string, string, Partial<History>, Partial<WorkerJournal>]>([
  ['COMPLETED', 'COMPLETED', {}, { ended: 'done' }],
  ['STOPPED', 'STOPPED_BY_REQUEST', { stopAsked: true }, {}],
  ['STOPPED', 'SHUTDOWN', {}, {}],
  ['FAILED', 'WORKER_CRASHED', { workerKills: 1 }, {}],
  ['FAILED', 'WORKER_CRASHED', {}, { ended: 'crash' }],
  ['FAILED', 'HEARTBEAT_LOST', { workerStops: 1 }, {}],
  ['FAILED', 'HEARTBEAT_LOST', {}, { hung: true }],
  ['FAILED', 'STALLED', {}, { hung: true }],
  ['FAILED', 'ENDED_WITH_DAEMON', { daemonKills: 1 }, {}],
  ['FAILED', 'ENDED_WITH_DAEMON', { adopted: true, daemonKills: 1, workerKills: 1 }, {}],
  ['FAILED', 'RESTARTS_EXHAUSTED', { restarts: true, maxRestarts: 1, workerKills: 2 }, {}],
])('%s %s may be where its cause is on record: %j %j', (state, reason, history, how) => {
  expect(findings(state, reason, history, [journal(5, how)])).toEqual([]);
});

test.each<readonly [string, string, Partial<History>]>([
  ['COMPLETED', 'COMPLETED', {}],
  ['STOPPED', 'STOPPED_BY_REQUEST', {}],
  ['FAILED', 'WORKER_CRASHED', {}],
  ['FAILED', 'WORKER_CRASHED', { restarts: true, workerKills: 1 }],
  ['FAILED', 'HEARTBEAT_LOST', { workerKills: 1 }],
  ['FAILED', 'STALLED', { workerKills: 1 }],
  ['FAILED', 'ENDED_WITH_DAEMON', {}],
  ['FAILED', 'ENDED_WITH_DAEMON', { adopted: true, daemonKills: 1 }],
  ['FAILED', 'RESTARTS_EXHAUSTED', { restarts: true, maxRestarts: 2, workerKills: 2 }],
  ['LOST', 'OWNER_GONE', { daemonKills: 1 }],
  ['RUNNING', '', {}],
])('%s %s may not be without its cause: %j', (state, reason, history) => {
  expect(findings(state, reason, history)).toEqual([
    expect.stringContaining(`sim-a may not be ${state} ${reason} () after`),
  ]);
});

const first = journal(5, { ended: 'crash', begunAtMs: 1_000, lastWrittenAtMs: 2_000 });
const second = journal(5, { workerId: 'w-2', incarnation: 2, begunAtMs: 2_100 });

test('a second worker is explained by a restart', () => {
  expect(findings('STOPPED', 'SHUTDOWN', { restarts: true }, [first, second])).toEqual([]);
  expect(findings('STOPPED', 'SHUTDOWN', {}, [first, second])).toEqual([
    expect.stringContaining('sim-a had 2 workers, and 1 are explained by'),
    expect.stringContaining('sim-a was begun 2 times, and 1 are explained by'),
  ]);
});

test('one that had not begun when the daemon was killed may be launched again, without a policy', () => {
  const silent = { ...first, ended: undefined, reported: new Map() };
  expect(findings('STOPPED', 'SHUTDOWN', { daemonKills: 1 }, [silent, second])).toEqual([]);
});

test('a worker that is to outlive its daemon, and was begun anew for the death of that alone, is found', () => {
  const [before, after] = [{ ...first, ended: undefined }, second];
  const history = { restarts: true, daemonKills: 1 };
  expect(findings('STOPPED', 'SHUTDOWN', history, [before, after])).toEqual([]);
  expect(findings('STOPPED', 'SHUTDOWN', { ...history, adopted: true }, [before, after])).toEqual([
    expect.stringContaining('sim-a was begun 2 times, and 1 are explained by'),
  ]);
});

test('two workers at once are found', () => {
  const late = { ...first, lastWrittenAtMs: 2_200 };
  expect(findings('STOPPED', 'SHUTDOWN', { restarts: true }, [late, second])).toEqual([
    'sim-a had incarnation 1 still at work 100 ms after the next began',
  ]);
  const twin = { ...second, incarnation: 1 };
  expect(findings('STOPPED', 'SHUTDOWN', { restarts: true }, [first, twin])).toEqual([
    'sim-a had two workers of incarnation 1',
  ]);
});

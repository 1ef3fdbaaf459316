import type { WorkerJournal } from './journal-reader.ts';

/** A simulation as clients see it when everything is over. */
export interface EndedSimulation {
  readonly simulationId: string;
  /** Without its prefix. */
  readonly state: string;
  readonly reason: string;
  readonly message: string;
  readonly incarnation: number;
}

/** What was done to it, and what its type says of ends. */
export interface History {
  /** Whether it gets another worker after a failure. */
  readonly restarts: boolean;
  readonly maxRestarts: number;
  /** Whether its worker outlives the daemon. */
  readonly adopted: boolean;
  readonly daemonKills: number;
  readonly workerKills: number;
  readonly workerStops: number;
  /** By a client. */
  readonly stopAsked: boolean;
}

type Allows = (history: History, journals: readonly WorkerJournal[]) => boolean;

/** When a simulation may end so. What is not here it may never be: LOST, for one, while the folder and its processes are there. */
const ALLOWED: Readonly<Record<string, Allows>> = {
  'COMPLETED COMPLETED': (_, journals) => journals.some(({ ended }) => ended === 'done'),
  'STOPPED STOPPED_BY_REQUEST': ({ stopAsked }) => stopAsked,
  'STOPPED SHUTDOWN': () => true,
  'FAILED WORKER_CRASHED': (history, journals) => !history.restarts && deaths(history, journals) > 0,
  'FAILED HEARTBEAT_LOST': (history, journals) => !history.restarts && hangs(history, journals) > 0,
  'FAILED STALLED': (history, journals) => !history.restarts && hangs(history, journals) > 0,
  'FAILED ENDED_WITH_DAEMON': (history, journals) =>
    !history.restarts && history.daemonKills > 0 && (!history.adopted || failures(history, journals) > 0),
  'FAILED EXITED_BEFORE_REGISTERING': (history, journals) => !history.restarts && deaths(history, journals) > 0,
  'FAILED REGISTER_TIMEOUT': (history, journals) => !history.restarts && hangs(history, journals) > 0,
  'FAILED RESTARTS_EXHAUSTED': (history, journals) =>
    history.restarts && endsOnRecord(history, journals) > history.maxRestarts,
};

/** Whether it may have ended as it has, and has had as many workers as it may. A finding is a sentence. */
export function checkEnd(
  { simulationId, state, reason, message, incarnation }: EndedSimulation,
  history: History,
  journals: readonly WorkerJournal[],
): string[] {
  const findings: string[] = [];
  const told = JSON.stringify({
    ...history,
    journals: journals.map(({ hung, ended = 'cut off' }) => (hung ? `hung, ${ended}` : ended)),
  });
  if (ALLOWED[`${state} ${reason}`]?.(history, journals) !== true)
    findings.push(`${simulationId} may not be ${state} ${reason} (${message}) after ${told}`);
  const most = 1 + (history.restarts ? endsOnRecord(history, journals) : history.daemonKills);
  if (incarnation > most)
    findings.push(`${simulationId} had ${incarnation} workers, and ${most} are explained by ${told}`);
  const begun = journals.filter(({ reported }) => reported.size > 0).length;
  // One that had not begun when its daemon was killed is launched again: nothing of the run had happened.
  const mostBegun = history.restarts
    ? 1 + failures(history, journals) + (history.adopted ? 0 : history.daemonKills)
    : 1;
  if (begun > mostBegun)
    findings.push(`${simulationId} was begun ${begun} times, and ${mostBegun} are explained by ${told}`);
  return [...findings, ...checkSuccession(simulationId, incarnation, journals)];
}

/** Of the workers of a simulation, one at a time, each a new incarnation. */
function checkSuccession(simulationId: string, last: number, journals: readonly WorkerJournal[]): string[] {
  const inOrder = [...journals].sort((a, b) => a.incarnation - b.incarnation);
  return inOrder.flatMap((journal, at) => {
    const next = inOrder[at + 1];
    if (next === undefined)
      return journal.incarnation > last
        ? [`${simulationId} had a worker of incarnation ${journal.incarnation}, and says ${last}`]
        : [];
    if (next.incarnation === journal.incarnation)
      return [`${simulationId} had two workers of incarnation ${next.incarnation}`];
    const overlapMs = journal.lastWrittenAtMs - next.begunAtMs;
    return overlapMs > CLOCK_GRAIN_MS
      ? [`${simulationId} had incarnation ${journal.incarnation} still at work ${overlapMs} ms after the next began`]
      : [];
  });
}

/** Of the times that the file system keeps. */
const CLOCK_GRAIN_MS = 10;

function deaths({ workerKills }: History, journals: readonly WorkerJournal[]): number {
  return workerKills + journals.filter(({ ended }) => ended === 'crash').length;
}

function hangs({ workerStops }: History, journals: readonly WorkerJournal[]): number {
  return workerStops + journals.filter(({ hung }) => hung).length;
}

function failures(history: History, journals: readonly WorkerJournal[]): number {
  return deaths(history, journals) + hangs(history, journals);
}

function endsOnRecord(history: History, journals: readonly WorkerJournal[]): number {
  return failures(history, journals) + history.daemonKills;
}

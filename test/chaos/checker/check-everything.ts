import { join } from 'node:path';
import type { Diary } from '../run/diary.ts';
import type { ChaosSetting } from '../setting/chaos-setting.ts';
import { END_POLICIES } from '../setting/worker-types.ts';
import { LOGGED_KEY } from '../worker/character.ts';
import { checkCompleteness } from './check-completeness.ts';
import { checkDaemonLog } from './check-daemon-log.ts';
import { checkEnd, type EndedSimulation, type History } from './check-ends.ts';
import { checkCgroups, checkProcesses, checkRunFolders } from './check-leftovers.ts';
import { checkLog } from './check-log.ts';
import { checkCommands, checkStarts, type LabelledSimulation } from './check-requests.ts';
import { jetstreamRows } from './jetstream-rows.ts';
import { readJournals, type WorkerJournal } from './journal-reader.ts';
import type { LoggedRow } from './logged-row.ts';
import { sqliteRows } from './sqlite-rows.ts';

/** Beside what V8 takes for itself: what a daemon may have of batches under way, whatever NATS does. */
const MAX_RESIDENT_BYTES = 500 * 1024 * 1024;

export type SeenSimulation = EndedSimulation & LabelledSimulation;

export interface Checked {
  /** What is wrong, each in a sentence; empty when all is right. */
  readonly findings: readonly string[];
  readonly events: number;
  readonly acknowledged: number;
  readonly workers: number;
}

/** To be asked when the last daemon has ended. @param simulations as it told of them */
export async function checkEverything(
  setting: ChaosSetting,
  diary: Diary,
  simulations: readonly SeenSimulation[],
): Promise<Checked> {
  const { files, dataDir, daemon } = setting;
  const rows = await rowsOf(setting);
  const journals = readJournals(setting.journals);
  const peak = daemon.peakBytes;
  return {
    findings: [
      ...diary.problems,
      ...checkLog(rows, journals, { isLogged: (key) => key === LOGGED_KEY }),
      ...checkCompleteness(rows, new Map(simulations.map(({ simulationId, state }) => [simulationId, state]))),
      ...checkEnds(diary, daemon.kills, simulations, journals),
      ...checkStarts(diary.starts, simulations),
      ...checkCommands(diary.commands, journals),
      ...checkProcesses(files.folder),
      ...checkRunFolders(dataDir),
      ...checkCgroups(journals.map(({ workerId }) => workerId)),
      ...checkDaemonLog(daemon.log),
      ...(peak > MAX_RESIDENT_BYTES ? [`a daemon had ${Math.round(peak / 1024 / 1024)} MiB of memory`] : []),
    ],
    events: rows.length,
    acknowledged: journals.reduce((sum, { acknowledged }) => sum + acknowledged, 0),
    workers: journals.length,
  };
}

function rowsOf({ dataDir, nats }: ChaosSetting): Promise<LoggedRow[]> | LoggedRow[] {
  return nats === undefined ? sqliteRows(join(dataDir, 'events.db')) : jetstreamRows(nats.server.url);
}

function checkEnds(
  diary: Diary,
  kills: number,
  simulations: readonly SeenSimulation[],
  journals: readonly WorkerJournal[],
): string[] {
  const bySimulation = Map.groupBy(journals, ({ simulationId }) => simulationId);
  const known = new Set(simulations.map(({ simulationId }) => simulationId));
  return [
    ...[...bySimulation.keys()]
      .filter((id) => !known.has(id))
      .map((id) => `there was a worker of ${id}, which nobody knows`),
    ...simulations.flatMap((simulation) =>
      checkEnd(simulation, historyOf(simulation, diary, kills), bySimulation.get(simulation.simulationId) ?? []),
    ),
  ];
}

function historyOf({ simulationId, requestId }: SeenSimulation, diary: Diary, kills: number): History {
  const start = diary.starts.find((it) => it.requestId === requestId);
  const policy = END_POLICIES[start?.workerType ?? ''];
  if (start === undefined || policy === undefined) throw new Error(`nobody started ${simulationId}`);
  return {
    restarts: policy.restarts,
    maxRestarts: policy.maxRestarts,
    adopted: policy.orphans === 'adopt',
    daemonKills: kills - start.killsBefore,
    workerKills: diary.workerKills.get(simulationId) ?? 0,
    workerStops: diary.workerStops.get(simulationId) ?? 0,
    stopAsked: diary.commands.some((command) => command.simulationId === simulationId && command.name === 'stop'),
  };
}

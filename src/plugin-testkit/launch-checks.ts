import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { messageOf } from '../adapters/plugins/plugin-problem.ts';
import { LAUNCH_STAGES } from '../adapters/plugins/plugin-rules.ts';
import { checkPlan } from '../adapters/process/launch-check.ts';
import type { WorkerLaunch, WorkerType } from '../domain/worker-type.ts';
import type { LaunchPlan } from '../ports/worker-launcher.ts';
import type { CheckLedger } from './check-ledger.ts';
import { ASKED_AGAIN_AFTER_MS, type Trial, type TrialLaunch } from './trial.ts';
import { TrialRuns } from './trial-runs.ts';
import type { WatchedPlugin } from './watched-plugin.ts';

/** Asks about every launch of every run configuration; ends at the first that is impossible. */
export async function checkLaunches(
  type: WorkerType,
  watched: WatchedPlugin,
  trial: Required<Trial>,
  ledger: CheckLedger,
): Promise<void> {
  await using runs = await TrialRuns.open();
  for (const [at, config] of trial.runConfigs.entries()) {
    for (const wanted of trial.launches) {
      const what = `${nameOf(wanted)}${trial.runConfigs.length === 1 ? '' : `, runConfigs[${at}]`}: `;
      const launch = await runs.launch(config, wanted);
      const plan = await planned(type, launch, what, ledger);
      if (plan === undefined) return;
      ledger.note('launch-startable', await startProblem(plan, what));
      ledger.note(
        'launch-leaves-input',
        watched.contextChanged ? `${what}launch() changed its context; take a copy` : undefined,
      );
      ledger.note('launch-repeatable', await againProblem(type, launch, plan, what));
      if (ledger.failed('launch-repeatable')) return;
      ledger.note('launch-overlaps', await overlapProblem(type, [launch, await runs.launch(config, wanted)], what));
    }
  }
}

async function planned(
  type: WorkerType,
  launch: WorkerLaunch,
  what: string,
  ledger: CheckLedger,
): Promise<LaunchPlan | undefined> {
  try {
    const plan = await type.plan(launch);
    ledger.noteStages(LAUNCH_STAGES);
    return plan;
  } catch (err) {
    ledger.noteStages(LAUNCH_STAGES, err instanceof Error ? err.cause : err, what);
    return undefined;
  }
}

async function startProblem(plan: LaunchPlan, what: string): Promise<string | undefined> {
  try {
    await checkPlan(plan);
    return undefined;
  } catch (err) {
    return `${what}${messageOf(err)}`;
  }
}

async function againProblem(
  type: WorkerType,
  launch: WorkerLaunch,
  plan: LaunchPlan,
  what: string,
): Promise<string | undefined> {
  await sleep(ASKED_AGAIN_AFTER_MS);
  try {
    const difference = differenceOf(plan, await type.plan(launch));
    return difference && `${what}${difference} of the second answer differs; let it depend on the context alone`;
  } catch (err) {
    return `${what}the second time: ${messageOf(err)}`;
  }
}

async function overlapProblem(
  type: WorkerType,
  launches: readonly WorkerLaunch[],
  what: string,
): Promise<string | undefined> {
  try {
    const alone: LaunchPlan[] = [];
    for (const launch of launches) alone.push(await type.plan(launch));
    const together = await Promise.all(launches.map((launch) => type.plan(launch)));
    const [difference] = alone.flatMap((plan, at) => differenceOf(plan, together[at]) ?? []);
    return difference && `${what}${difference} differs when another worker is launched at the same time`;
  } catch (err) {
    return `${what}when another worker is launched at the same time: ${messageOf(err)}`;
  }
}

/** Names the first member that is not the same, e.g. `args`. */
function differenceOf(plan: LaunchPlan, other: LaunchPlan | undefined): string | undefined {
  const members = ['executable', 'args', 'env', 'cwd'] as const;
  return members.find((member) => !isDeepStrictEqual(plan[member], other?.[member]));
}

function nameOf({ commandTransport = 'grpc', seed, incarnation = 1 }: TrialLaunch): string {
  const start = incarnation === 1 ? 'first launch' : 'restart';
  return `${start} with commands over ${commandTransport} and ${seed === undefined ? 'without a seed' : `seed ${seed}`}`;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { messageOf, PluginProblem } from '../adapters/plugins/plugin-problem.ts';
import type { PluginRule } from '../adapters/plugins/plugin-rules.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { CheckLedger } from './check-ledger.ts';
import type { CheckName } from './checks.ts';
import { ASKED_AGAIN_AFTER_MS, type Trial } from './trial.ts';
import { makeWorkerType } from './trial-types.ts';
import type { WatchedPlugin } from './watched-plugin.ts';

/** By these a plugin refuses options; what else goes wrong is no refusal. */
const REFUSALS: readonly PluginRule[] = ['options-accepted', 'describe-succeeds'];

const UNKNOWN_OPTION = 'shoal_testkit_unknown_option';

/** Asks about options and descriptions of a plugin that has described the type once, with the options given. */
export async function checkDescriptions(
  watched: WatchedPlugin,
  trial: Required<Trial>,
  ledger: CheckLedger,
): Promise<void> {
  ledger.note(
    'describe-leaves-input',
    watched.optionsChanged ? 'describe() changed its options; take a copy' : undefined,
  );
  ledger.note('describe-repeatable', await againProblem(watched, trial));
  const strict = { ...trial.options, [UNKNOWN_OPTION]: true };
  ledger.note('options-strict', await takenProblem(watched, strict, trial, STRICT_ADVICE));
  ledger.note('options-refused');
  for (const [at, options] of trial.refusedOptions.entries()) {
    ledger.note('options-refused', await takenProblem(watched, options, trial, `refusedOptions[${at}] is taken`));
  }
}

const STRICT_ADVICE =
  'options of any name are taken, and so a misspelt one is ignored; say additionalProperties: false in optionsSchema';

/** Asks about the configurations of runs. @returns whether all that are to be launched are taken */
export function checkRunConfigs(type: WorkerType, trial: Required<Trial>, ledger: CheckLedger): boolean {
  const noteEach = (
    name: CheckName,
    configs: readonly unknown[],
    problem: (config: unknown, at: number) => string | undefined,
  ) => {
    ledger.note(name);
    for (const [at, config] of configs.entries()) ledger.note(name, problem(config, at));
  };
  noteEach('run-configs-accepted', trial.runConfigs, (config, at) => {
    const refusal = refusalOf(type, config);
    return refusal === undefined ? undefined : `runConfigs[${at}] is refused: ${refusal}`;
  });
  noteEach('run-configs-refused', trial.refusedRunConfigs, (config, at) => {
    return refusalOf(type, config) === undefined ? `refusedRunConfigs[${at}] is taken` : undefined;
  });
  return !ledger.failed('run-configs-accepted');
}

async function againProblem(
  { plugin, descriptions }: WatchedPlugin,
  trial: Required<Trial>,
): Promise<string | undefined> {
  await sleep(ASKED_AGAIN_AFTER_MS);
  try {
    await makeWorkerType(plugin, trial.options, trial);
  } catch (err) {
    return `the second time: ${messageOf(err)}`;
  }
  const [first, second] = descriptions;
  return isDeepStrictEqual(first, second) ? undefined : 'describe() says something else the second time';
}

/** @returns `advice` when the options are taken, and undefined when they are refused as they should be */
async function takenProblem(
  { plugin }: WatchedPlugin,
  options: Readonly<Record<string, unknown>>,
  trial: Required<Trial>,
  advice: string,
): Promise<string | undefined> {
  try {
    await makeWorkerType(plugin, options, trial);
    return advice;
  } catch (err) {
    if (err instanceof PluginProblem && err.faults.some(({ rule }) => REFUSALS.includes(rule))) return undefined;
    return `${advice}: neither optionsSchema nor describe() refuses, but ${messageOf(err)}`;
  }
}

function refusalOf(type: WorkerType, config: unknown): string | undefined {
  try {
    type.checkRunConfig(config);
    return undefined;
  } catch (err) {
    return messageOf(err);
  }
}

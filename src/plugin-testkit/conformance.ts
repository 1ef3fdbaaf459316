import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { AnyPlugin } from '../adapters/plugins/any-plugin.ts';
import { PluginLoader } from '../adapters/plugins/plugin-loader.ts';
import { LOADING_STAGES } from '../adapters/plugins/plugin-rules.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import { CheckLedger } from './check-ledger.ts';
import { checkDescriptions, checkRunConfigs } from './description-checks.ts';
import { checkLaunches } from './launch-checks.ts';
import type { PluginReport } from './report.ts';
import { completeTrial, type Trial } from './trial.ts';
import { makeWorkerType } from './trial-types.ts';
import { WatchedPlugin } from './watched-plugin.ts';

/** A plugin; or what the configuration would say of it: a path or an npm package; or the address of its module. */
export type PluginUnderTest = AnyPlugin | string | URL;

/** How a plugin that is given as it is is called until its name is known. */
const UNNAMED = 'under test';

/**
 * Takes a plugin through what the daemon does with it, and more: loads it, lets it describe a worker type, plans launches. No
 * worker is started. Its code runs in this process, and each hook several times.
 *
 * @throws TypeError for a trial that has a member that does not exist; what is wrong with the plugin is in the report
 */
export async function checkPlugin(plugin: PluginUnderTest, trial: Trial = {}): Promise<PluginReport> {
  const complete = completeTrial(trial);
  const ledger = new CheckLedger(complete.skip);
  const before = processState();
  const name = await check(plugin, complete, ledger);
  ledger.note('process-untouched', changeSince(before));
  return ledger.report(name);
}

/** @returns the name of the plugin */
async function check(given: PluginUnderTest, trial: Required<Trial>, ledger: CheckLedger): Promise<string> {
  const { specifier, builtIns } = whereIs(given);
  let name = specifier;
  let watched: WatchedPlugin;
  let type: WorkerType;
  try {
    const plugin = await new PluginLoader({ ...trial, builtIns }).load(specifier);
    name = plugin.name;
    watched = new WatchedPlugin(plugin);
    type = await makeWorkerType(watched.plugin, trial.options, trial);
  } catch (err) {
    ledger.noteStages(LOADING_STAGES, err);
    return name;
  }
  ledger.noteStages(LOADING_STAGES);
  await checkDescriptions(watched, trial, ledger);
  if (checkRunConfigs(type, trial, ledger)) await checkLaunches(type, watched, trial, ledger);
  return name;
}

function whereIs(given: PluginUnderTest): { specifier: string; builtIns: ReadonlyMap<string, AnyPlugin> } {
  if (given instanceof URL) return { specifier: fileURLToPath(given), builtIns: new Map() };
  if (typeof given === 'string') return { specifier: given, builtIns: new Map() };
  return { specifier: UNNAMED, builtIns: new Map([[UNNAMED, given]]) };
}

function processState() {
  return { 'working directory': process.cwd(), environment: { ...process.env } };
}

function changeSince(before: ReturnType<typeof processState>): string | undefined {
  const now = processState();
  const members = ['working directory', 'environment'] as const;
  const changed = members.find((member) => !isDeepStrictEqual(before[member], now[member]));
  return changed && `the plugin changed the ${changed} of the process, which is the daemon's`;
}

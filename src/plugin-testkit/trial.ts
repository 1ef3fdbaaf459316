import { resolve } from 'node:path';
import { DEFAULT_HOOK_TIMEOUT_MS } from '../adapters/plugins/hook.ts';
import { nearest } from '../adapters/plugins/json-schema.ts';
import { CHECK_NAMES, type CheckName } from './checks.ts';

/** With what a plugin is tried. */
export interface Trial {
  /** Options as a configuration may have them. Default: none. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Options that the plugin must refuse, each by its schema or by throwing in `describe`. */
  readonly refusedOptions?: readonly Readonly<Record<string, unknown>>[];
  /** Configurations of runs that must be taken; each is launched. Default: one, empty. */
  readonly runConfigs?: readonly unknown[];
  /** Configurations of runs that must be refused. */
  readonly refusedRunConfigs?: readonly unknown[];
  /** Launches to try. Default: a restart with seed and commands over NATS, and one with neither. */
  readonly launches?: readonly TrialLaunch[];
  /** The folder of the configuration: relative paths start there. Default: the working directory. */
  readonly baseDirectory?: string;
  /** The daemon's own environment. Default: that of this process. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Limit of loading the plugin and of each of its hooks. Default: the daemon's, 5000. */
  readonly hookTimeoutMs?: number;
  /** Checks to leave out, e.g. `launch-startable` where the program is not installed. */
  readonly skip?: readonly CheckName[];
}

export interface TrialLaunch {
  /** Default `grpc`. */
  readonly commandTransport?: 'nats' | 'grpc';
  /** Absent: the run has none. */
  readonly seed?: bigint;
  /** Default 1; more means a restart. */
  readonly incarnation?: number;
}

export const DEFAULT_TRIAL: Required<Trial> = {
  options: {},
  refusedOptions: [],
  runConfigs: [{}],
  refusedRunConfigs: [],
  launches: [{ commandTransport: 'nats', seed: 42n, incarnation: 2 }, {}],
  baseDirectory: '.',
  environment: process.env,
  hookTimeoutMs: DEFAULT_HOOK_TIMEOUT_MS,
  skip: [],
};

/** When the same is asked again: late enough for a clock that a plugin may look at to have moved on. */
export const ASKED_AGAIN_AFTER_MS = 5;

/**
 * Fills in the defaults.
 *
 * @throws TypeError for a member or a check that does not exist, which would be ignored without a word, and for data that no
 *   configuration can hold
 */
export function completeTrial(trial: Trial): Required<Trial> {
  for (const member of Object.keys(trial)) refuseUnknown(member, Object.keys(DEFAULT_TRIAL), 'member of a trial');
  for (const name of trial.skip ?? []) refuseUnknown(name, CHECK_NAMES, 'check');
  const complete = { ...DEFAULT_TRIAL, ...trial };
  checkPlain(complete);
  return { ...complete, baseDirectory: resolve(complete.baseDirectory) };
}

function checkPlain({ options, refusedOptions, runConfigs, refusedRunConfigs }: Required<Trial>): void {
  try {
    structuredClone([options, refusedOptions, runConfigs, refusedRunConfigs]);
  } catch (cause) {
    throw new TypeError('options and configurations of a trial must be plain data', { cause });
  }
}

function refuseUnknown(word: string, known: readonly string[], what: string): void {
  if (known.includes(word)) return;
  throw new TypeError(`${JSON.stringify(word)} is no ${what}; there are ${known.join(', ')}${nearest(word, known)}`);
}

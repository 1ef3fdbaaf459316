import type { PluginRule } from '../adapters/plugins/plugin-rules.ts';

/** What the kit asks beyond the rules of the daemon: these the daemon cannot see, or not in time. */
type OwnCheck =
  | 'options-strict'
  | 'options-refused'
  | 'describe-leaves-input'
  | 'describe-repeatable'
  | 'run-configs-accepted'
  | 'run-configs-refused'
  | 'launch-startable'
  | 'launch-leaves-input'
  | 'launch-repeatable'
  | 'launch-overlaps'
  | 'process-untouched';

export type CheckName = PluginRule | OwnCheck;

/** Every check, in the order of the report, and what it asks. */
export const CHECKS: Readonly<Record<CheckName, string>> = {
  loads: 'the module can be imported, in time, and exports a plugin',
  'api-version': 'apiVersion is the one that this Shoal speaks',
  'plugin-shape': 'the plugin has the members of the plugin API, of the right types',
  'plugin-name': 'name is 1 to 128 printable characters',
  'options-schema': 'optionsSchema is a JSON Schema',
  'options-accepted': 'optionsSchema takes the options given',
  'describe-in-time': 'describe answers within its time limit',
  'describe-succeeds': 'describe does not throw on options that the schema takes',
  'descriptor-shape': 'what describe answers has the members of the plugin API, of the right types, and no other',
  'event-keys': 'each event key is 1 to 16 tokens joined by dots',
  'event-keys-unreserved': "no event key begins with orchestrator., which is Shoal's own",
  'event-keys-once': 'no event key is declared twice',
  'event-subjects': 'each subject template begins with events. and is made of tokens and {placeholders}',
  'commands-known': 'commands are names that Shoal knows',
  'commands-possible': 'workers that do not register take no command but stop',
  'passed-variables': 'passEnv names variables, none of them beginning with SHOAL_',
  'plain-data': 'configSchema, payloadSchemas and extensions are plain data',
  'config-schema': 'configSchema is a JSON Schema',
  'options-strict': 'an option that does not exist is refused',
  'options-refused': 'the options that are to be refused are',
  'describe-leaves-input': 'describe does not change its options',
  'describe-repeatable': 'describe says the same again of the same options',
  'run-configs-accepted': 'configSchema takes the run configurations given',
  'run-configs-refused': 'the run configurations that are to be refused are',
  'launch-in-time': 'launch answers within its time limit',
  'launch-succeeds': 'launch does not throw',
  'launch-shape': 'what launch answers is an executable, with arguments and variables that are text, and nothing else',
  'launch-texts': 'arguments and variables are such that a program can be started with them: no NUL, no empty names',
  'launch-variables': 'launch sets no variable that begins with SHOAL_',
  'launch-token': "the worker's token is not on its command line",
  'launch-startable': 'the executable and the working directory are there',
  'launch-leaves-input': 'launch does not change its context',
  'launch-repeatable': 'launch says the same again of the same launch',
  'launch-overlaps': 'two launches at the same time do not disturb each other',
  'process-untouched': 'the plugin leaves the working directory and the environment of the daemon as they are',
};

export const CHECK_NAMES = Object.keys(CHECKS) as readonly CheckName[];

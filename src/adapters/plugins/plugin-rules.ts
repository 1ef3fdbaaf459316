/**
 * What the daemon asks of a plugin before its worker type is available, in stages. A stage rests on those before it: the
 * first stage in which something is wrong is the last one that is asked, and everything wrong in it is told.
 */
export const LOADING_STAGES = [
  ['loads'],
  ['api-version'],
  ['plugin-shape'],
  ['plugin-name'],
  ['options-schema'],
  ['options-accepted'],
  ['describe-in-time'],
  ['describe-succeeds'],
  ['descriptor-shape'],
  [
    'event-keys',
    'event-keys-unreserved',
    'event-keys-once',
    'event-subjects',
    'commands-known',
    'commands-possible',
    'passed-variables',
    'plain-data',
  ],
  ['config-schema'],
] as const;

/** What it asks of each answer of `launch`. */
export const LAUNCH_STAGES = [
  ['launch-in-time'],
  ['launch-succeeds'],
  ['launch-shape'],
  ['launch-texts', 'launch-variables', 'launch-token'],
] as const;

/** One thing that the daemon asks of a plugin, by name. */
export type PluginRule = (typeof LOADING_STAGES | typeof LAUNCH_STAGES)[number][number];

import { isAbsolute } from 'node:path';
import { z } from 'zod';
import { quoted } from './config-path.ts';
import { choice, decimal, duration, explain, notBuilt, text, wholeNumber } from './leaf-schemas.ts';
import { list, section } from './section-schemas.ts';

const NAME = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;
const NAME_RULE = '1 to 64 of A-Z a-z 0-9 _ -, beginning with a letter or digit';
const PACKAGE = /^(@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*(\/[A-Za-z0-9._~-]+)*$/;
const PLUGIN_RULE = 'a built-in name (executable), a path that begins with ./, ../ or /, or an npm package';

/** Whether `plugin` is a file beside the configuration and not a name to look up. */
export function isPluginPath(plugin: string): boolean {
  return plugin.startsWith('./') || plugin.startsWith('../') || isAbsolute(plugin);
}

const workerTypeShape = {
  name: text('What clients call the worker type.', NAME_RULE, (name) =>
    NAME.test(name) ? undefined : `${quoted(name)} is no name; expected ${NAME_RULE}`,
  ),
  plugin: text('What launches its workers. A path is resolved against this file.', PLUGIN_RULE, (plugin) =>
    isPluginPath(plugin) || (PACKAGE.test(plugin) && plugin.length <= 214)
      ? undefined
      : `${quoted(plugin)} names no plugin; expected ${PLUGIN_RULE}`,
  ),
  options: z
    .record(z.string(), z.unknown(), explain('a map of what the plugin takes'))
    .prefault({})
    .describe("The plugin's own settings; the plugin's own schema checks them."),
  limits: section('Bounds of this worker type.', {
    max_workers: wholeNumber('Workers alive at once; beyond it StartSimulation answers RESOURCE_EXHAUSTED.', {
      min: 1,
      max: 100_000,
      fallback: 64,
    }),
    register_timeout: duration('A worker that has not registered by then is ended and its simulation FAILED.', {
      min: '10ms',
      max: '1d',
      fallback: '10s',
    }),
    stall_timeout: duration(
      'A RUNNING simulation whose tick stands for so long is reported, and after as long again its worker is ended; 0s: never. At least twice limits.heartbeat_interval.',
      { min: '0ms', max: '7d', fallback: '0s' },
    ),
  }),
  restart: section('What happens when a worker ends. Exit codes 78 and 125 are never restarted.', {
    policy: choice(
      'When a simulation gets another worker: never, on-failure, or always, which is also after exit 0.',
      ['never', 'on-failure', 'always'],
      'never',
    ),
    max_restarts: wholeNumber('How often in `window` before the simulation is FAILED.', {
      min: 0,
      max: 100,
      fallback: 5,
    }),
    window: duration('The time in which `max_restarts` is counted.', { min: '1s', max: '7d', fallback: '1m' }),
    backoff: section('How long to wait before a restart.', {
      initial: duration('Before the first.', { min: '1ms', max: '1h', fallback: '200ms' }),
      max: duration('The longest.', { min: '1ms', max: '1d', fallback: '10s' }),
      factor: decimal('How much longer each time.', { min: 1, max: 10, fallback: 2 }),
      jitter: decimal('The part of it that is left to chance, so that many do not come at once.', {
        min: 0,
        max: 1,
        fallback: 0.2,
      }),
    }),
    min_uptime: duration('A worker that ends sooner after it has registered has failed to start.', {
      min: '0ms',
      max: '1h',
      fallback: '1s',
    }),
    reset_after: duration('A worker that was up for so long is healthy: the restarts before it are forgotten.', {
      min: '1s',
      max: '7d',
      fallback: '5m',
    }),
    start_from: choice(
      'What a restart begins with: the same-seed, a new-seed derived from it and the incarnation, or the newest snapshot.',
      ['same-seed', 'new-seed', 'snapshot'],
      'same-seed',
    ),
    breaker: section('Stops a worker type whose every start fails.', {
      failures: wholeNumber('Failed starts in a row, over all simulations of the type, that open it; 0: never.', {
        min: 0,
        max: 10_000,
        fallback: 10,
      }),
      cool_down: duration('How long it stays open; then one start is tried.', {
        min: '10ms',
        max: '1d',
        fallback: '30s',
      }),
    }),
  }),
  orphans: choice(
    'What a new daemon does with workers whose daemon was killed: end or adopt.',
    ['end', 'adopt'],
    'end',
  ),
  orphan_timeout: duration('How long a worker that cannot reach Shoal keeps trying before it exits.', {
    min: '100ms',
    max: '7d',
    fallback: '30s',
  }),
  stop: section('How a worker is ended.', {
    grace: duration('The time from the stop command to the signal, and again from the signal to SIGKILL.', {
      min: '0ms',
      max: '1h',
      fallback: '5s',
    }),
    signal: choice(
      'What a worker gets that has not ended within the grace: SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGUSR1 or SIGUSR2.',
      ['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'],
      'SIGTERM',
    ),
  }),
  pool: section('Workers launched before they are needed.', {
    warm: notBuilt('How many wait ready.', 0),
  }),
  command_transport: choice(
    'How commands reach the workers: nats, grpc (the ReceiveCommands stream), or auto, which is nats where messaging.adapter is nats.',
    ['auto', 'nats', 'grpc'],
    'auto',
  ),
};

export const workerTypesSchema = list(
  'What can be started, in the order in which it is listed.',
  z.strictObject(workerTypeShape, explain('a map with name and plugin')),
  { max: 256 },
);

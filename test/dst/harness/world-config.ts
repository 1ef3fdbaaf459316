import { createConfigSource, parseConfig } from '../../../src/adapters/yaml/load-config.ts';
import type { ConfigSource } from '../../../src/ports/config-source.ts';

const common = { plugin: 'executable', options: { executable: 'worker' }, stop: { grace: '1s' } };
const limits = { register_timeout: '3s' };
const backoff = { initial: '100ms', max: '1s' };
const breaker = { failures: 4, cool_down: '2s' };

/** Each worker type is restarted in another way, and has another fate when its daemon dies. */
const workerTypes = [
  { name: 'fish', ...common, limits },
  {
    name: 'trout',
    ...common,
    limits: { ...limits, stall_timeout: '5s' },
    restart: { policy: 'on-failure', max_restarts: 3, start_from: 'new-seed', backoff, breaker },
    orphans: 'adopt',
  },
  // It cannot reset.
  { name: 'snail', ...common, limits, restart: { policy: 'always', max_restarts: 2, backoff, breaker } },
  {
    name: 'turtle',
    ...common,
    limits,
    restart: { policy: 'on-failure', start_from: 'snapshot', backoff, reset_after: '2s', window: '20s' },
    orphans: 'adopt',
  },
];

export const WORLD_CONFIG: ConfigSource = createConfigSource(
  parseConfig(
    JSON.stringify({
      data_dir: '/data',
      limits: { heartbeat_interval: '2s' },
      worker_types: workerTypes,
    }),
    '/dst.yaml',
  ),
);

import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../../support/compile-cache.ts';
import { LIVE_KEY, LOGGED_KEY } from '../worker/character.ts';

const WORKER = fileURLToPath(new URL('../worker/main.ts', import.meta.url));

/** What a worker type says of the end of its workers. */
export interface EndPolicy {
  readonly restarts: boolean;
  readonly maxRestarts: number;
  readonly orphans: 'end' | 'adopt';
}

/** More than the plans bring about. */
const PLENTY = 100;

export const END_POLICIES: Readonly<Record<string, EndPolicy>> = {
  ends: { restarts: false, maxRestarts: 0, orphans: 'end' },
  'ends-and-restarts': { restarts: true, maxRestarts: PLENTY, orphans: 'end' },
  adopted: { restarts: false, maxRestarts: 0, orphans: 'adopt' },
  'adopted-and-restarts': { restarts: true, maxRestarts: PLENTY, orphans: 'adopt' },
  fragile: { restarts: true, maxRestarts: 2, orphans: 'end' },
};

/** Their workers reach the daemon at an address that can be cut. */
export function chaosWorkerTypes(grpcAddress: string): object[] {
  return Object.entries(END_POLICIES).map(([name, policy]) => ({
    name,
    plugin: 'executable',
    options: {
      executable: 'sh',
      args: ['-c', `SHOAL_GRPC_ADDRESS=${grpcAddress} exec "$0" "$@"`, process.execPath, '-C', 'source', WORKER],
      env: COMPILE_CACHE,
      commands: ['pause', 'resume', 'step', 'reset', 'stop', 'custom'],
      events: [
        { key: LOGGED_KEY, log: true },
        { key: LIVE_KEY, log: false },
      ],
    },
    limits: { max_workers: 64, register_timeout: '10s', stall_timeout: '3s' },
    stop: { grace: '1s' },
    orphans: policy.orphans,
    restart: {
      policy: policy.restarts ? 'on-failure' : 'never',
      max_restarts: policy.maxRestarts,
      window: '1h',
      backoff: { initial: '50ms', max: '500ms' },
      min_uptime: '100ms',
      breaker: { failures: PLENTY, cool_down: '1s' },
    },
  }));
}

import { fileURLToPath } from 'node:url';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { SUPPORTED } from './obedience.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));

/** As in the YAML: a worker type of workers with a fault; without, of right ones. */
export function brokenWorkerType(fault?: string): object {
  const args = ['-C', 'source', MAIN, ...(fault === undefined ? [] : ['--fault', fault])];
  return {
    name: typeNameOf(fault),
    plugin: 'executable',
    options: {
      executable: process.execPath,
      args,
      env: COMPILE_CACHE,
      events: [{ key: 'sim.world_state.v1' }, { key: 'sim.agent_observation.v1' }],
      commands: SUPPORTED,
    },
    stop: { grace: '3s' },
    // The worker that is late is late by a second, and not by ten.
    limits: { register_timeout: fault === 'registers-in-time' ? '1s' : '30s' },
  };
}

export function typeNameOf(fault: string | undefined): string {
  return fault === undefined ? 'right' : fault.replace('/', '-');
}

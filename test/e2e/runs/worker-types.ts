import { fileURLToPath } from 'node:url';

const path = (relative: string): string => fileURLToPath(new URL(`../../../${relative}`, import.meta.url));

interface TypeOptions {
  readonly name?: string;
  readonly command_transport?: 'nats' | 'grpc';
  readonly stop?: object;
  readonly limits?: object;
  readonly restart?: object;
}

/** The example: a school of fish, on the public worker library. */
export function fishType(more: TypeOptions = {}) {
  const events = [
    { key: 'sim.world_state.v1', log: true },
    { key: 'sim.agent_observation.v1', log: false },
    { key: 'sim.agent_reward.v1', log: false },
    { key: 'sim.agent_died.v1', log: true },
    { key: 'sim.agent_spawned.v1', log: true },
  ];
  const options = { executable: process.execPath, args: [path('examples/fish-school/run.mjs')], events };
  return { name: 'fish', plugin: 'executable', options, limits: { register_timeout: '60s' }, ...more };
}

/** The scriptable worker: what it does is in each run's configuration. */
export function fakeType(more: TypeOptions & { readonly commands?: readonly string[] } = {}) {
  const { commands, ...rest } = more;
  const options = {
    executable: process.execPath,
    args: ['-C', 'source', path('test/support/fake-worker/main.ts')],
    events: [
      { key: 'fake.logged.v1', log: true },
      { key: 'fake.quiet.v1', log: false },
      { key: 'sim.agent_observation.v1', log: false },
      { key: 'fake.heard.v1', log: true },
    ],
    ...(commands === undefined ? {} : { commands }),
  };
  return { name: 'fake', plugin: 'executable', options, limits: { register_timeout: '60s' }, ...rest };
}

/** A program that knows nothing of Shoal. */
export function plainType(more: TypeOptions = {}) {
  const options = {
    executable: 'sh',
    args: ['-c', 'echo "$SHOAL_SIMULATION_ID is up"; exec sleep 600'],
    register: 'none',
  };
  return { name: 'plain', plugin: 'executable', options, stop: { grace: '1s' }, ...more };
}

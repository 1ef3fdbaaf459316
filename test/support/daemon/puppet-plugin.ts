import { definePlugin, type LaunchContext, PLUGIN_API_VERSION, type WorkerTypeDescriptor } from 'shoal/plugin';

type PuppetOptions = Partial<Omit<WorkerTypeDescriptor, 'launch'>>;

/** By simulation, the latest launch first. The plugin may be loaded apart from the tests' own modules: the global is shared. */
const LAUNCHES = Symbol.for('shoal.test.puppetLaunches');

export function puppetLaunches(): Map<string, LaunchContext[]> {
  const shared = globalThis as { [LAUNCHES]?: Map<string, LaunchContext[]> };
  shared[LAUNCHES] ??= new Map();
  return shared[LAUNCHES];
}

/**
 * A worker type whose workers do nothing: the process sleeps, and the test makes the worker's calls in its place, with the
 * token of the launch. Works only where the daemon runs inside the test's process.
 */
export const plugin = definePlugin<PuppetOptions>({
  apiVersion: PLUGIN_API_VERSION,
  name: 'puppet',
  description: 'Workers whose calls a test makes.',
  optionsSchema: { type: 'object' },
  describe: (options) => ({
    description: 'a puppet',
    events: [],
    commands: ['pause', 'resume', 'step', 'reset', 'agent_action', 'inject_agent', 'custom', 'set_speed'],
    acknowledges: true,
    registers: true,
    ...options,
    launch: (context) => {
      const launches = puppetLaunches();
      launches.set(context.simulationId, [context, ...(launches.get(context.simulationId) ?? [])]);
      return { executable: 'sleep', args: ['600'] };
    },
  }),
});

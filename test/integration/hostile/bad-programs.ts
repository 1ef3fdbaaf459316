import { failureOf } from '../../support/daemon/calls.ts';
import { PluginFolder, pluginText } from '../../support/plugins/plugin-folder.ts';
import type { BadInput } from './bad-input.ts';
import { toldOfRun } from './hostile-neighbourhood.ts';

/** Removed by the test that uses it. */
export const folder = new PluginFolder();

const HANGS = 'return new Promise(() => {});';

function plugin({ describe = 'return type;', launch = "return { executable: 'true' };", top = '' }): string {
  return `${top}
    const type = {
      description: 'd', events: [], commands: [], acknowledges: false, registers: true, launch() { ${launch} },
    };
    export default { apiVersion: 1, name: 'p', description: 'p', optionsSchema: {}, describe() { ${describe} } };`;
}

/** By name of the worker type: what its plugin is, and what is said of it. */
const UNAVAILABLE: Readonly<Record<string, { readonly plugin: string; readonly named: string }>> = {
  'a missing file': { plugin: './nothing-here.mjs', named: 'nothing-here.mjs does not exist' },
  'a missing package': { plugin: 'shoal-plugin-nothing', named: 'shoal-plugin-nothing' },
  'a newer API': { plugin: folder.file('newer.mjs', `export default ${pluginText('x', 2)};`), named: 'plugin API' },
  'broken syntax': { plugin: folder.file('syntax.mjs', 'export default {'), named: 'cannot be loaded' },
  'an error at load': {
    plugin: folder.file('top.mjs', plugin({ top: "throw new Error('no lake');" })),
    named: 'no lake',
  },
  'an error in describe()': {
    plugin: folder.file('describe.mjs', plugin({ describe: "throw new Error('no licence');" })),
    named: 'no licence',
  },
  'a describe() that hangs': { plugin: folder.file('hangs.mjs', plugin({ describe: HANGS })), named: 'describe()' },
};

const limits = { register_timeout: '500ms' };
const program = (options: object) => ({ plugin: 'executable', options, limits });
const script = (text: string) => program({ executable: 'sh', args: ['-c', text] });

/** By name of the worker type: how it launches, and what a run of it comes to. */
const FAILED: Readonly<Record<string, { readonly type: object; readonly reason: string; readonly named: string }>> = {
  'an error in launch()': {
    type: { plugin: folder.file('launch.mjs', plugin({ launch: "throw new Error('no GPU');" })) },
    reason: 'LAUNCH_FAILED',
    named: 'no GPU',
  },
  'a launch() that hangs': {
    type: { plugin: folder.file('launch-hangs.mjs', plugin({ launch: HANGS })) },
    reason: 'LAUNCH_FAILED',
    named: 'did not answer within',
  },
  'a launch() that names a NUL': {
    type: { plugin: folder.file('nul.mjs', plugin({ launch: "return { executable: 'true', args: ['a\\0b'] };" })) },
    reason: 'LAUNCH_FAILED',
    named: 'NUL',
  },
  'a program that is not there': {
    type: program({ executable: '/nowhere/fish' }),
    reason: 'LAUNCH_FAILED',
    named: '/nowhere/fish',
  },
  'a program that is not on PATH': {
    type: program({ executable: 'no-such-program' }),
    reason: 'LAUNCH_FAILED',
    named: 'no-such-program',
  },
  'a program that may not be executed': {
    type: program({ executable: folder.file('not-executable', 'hello') }),
    reason: 'LAUNCH_FAILED',
    named: 'not-executable',
  },
  'a program that is a folder': { type: program({ executable: '/tmp' }), reason: 'LAUNCH_FAILED', named: '/tmp' },
  'a folder to run in that is not there': {
    type: program({ executable: 'true', cwd: '/nowhere' }),
    reason: 'LAUNCH_FAILED',
    named: '/nowhere',
  },
  'a program that exits with 0 at once': {
    type: script('echo bye'),
    reason: 'EXITED_BEFORE_REGISTERING',
    named: 'exited 0',
  },
  'a program that exits with 3 at once': {
    type: script('echo no water >&2; exit 3'),
    reason: 'EXITED_BEFORE_REGISTERING',
    named: 'no water',
  },
  'a program that never registers': { type: script('sleep 600'), reason: 'REGISTER_TIMEOUT', named: 'RegisterWorker' },
};

export const badTypes: readonly object[] = [
  ...Object.values(UNAVAILABLE).map(({ plugin: name }, at) => ({ name: `unavailable-${at}`, plugin: name })),
  ...Object.values(FAILED).map(({ type }, at) => ({ name: `failing-${at}`, ...type })),
];

/** Plugins that cannot be used, and programs that cannot be launched or do not become workers. */
export const badPrograms: readonly BadInput[] = [
  ...Object.entries(UNAVAILABLE).map(
    ([what, { named }], at): BadInput => ({
      what: `a plugin with ${what}`,
      told: { status: 'NOT_FOUND', reason: 'WORKER_TYPE_UNKNOWN', named },
      act: async ({ daemon }) => {
        const { code, reason, message } = await failureOf(daemon.client.start({ workerType: `unavailable-${at}` }));
        return { status: code, reason: reason ?? '', named: message };
      },
    }),
  ),
  ...Object.entries(FAILED).map(
    ([what, { reason, named }], at): BadInput => ({
      what,
      told: { status: 'FAILED', reason, named },
      act: async (near) => {
        const { simulationId } = await near.daemon.client.start({ workerType: `failing-${at}` });
        return toldOfRun(near, simulationId);
      },
    }),
  ),
];

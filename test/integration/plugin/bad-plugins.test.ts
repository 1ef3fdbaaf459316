import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ChildDaemon, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import { PluginFolder, pluginText } from '../../support/plugins/plugin-folder.ts';

/** The module of a plugin that imports nothing, with hooks and a top level of the test's own. */
function moduleWith({ describe = 'return type;', launch = "return { executable: 'true' };", before = '' }): string {
  return `${before}
    const type = {
      description: 'd', events: [], commands: [], acknowledges: false, registers: false, launch() { ${launch} },
    };
    export default { apiVersion: 1, name: 'p', description: 'p', optionsSchema: {}, describe() { ${describe} } };`;
}

const NEVER = 'return new Promise(() => {});';

/** By worker type: the module, or what else the configuration names, and why the type is unavailable. */
const UNAVAILABLE: Readonly<
  Record<string, { readonly module?: string; readonly plugin?: string; readonly reason: RegExp }>
> = {
  'missing-file': { plugin: './nothing-here.mjs', reason: /nothing-here\.mjs does not exist/ },
  'missing-package': { plugin: 'shoal-plugin-nothing', reason: /no npm package "shoal-plugin-nothing" is installed/ },
  'file-without-path': { plugin: 'nothing-here.mjs', reason: /a file is named by its path: "\.\/nothing-here\.mjs"/ },
  'newer-api': {
    module: `export default ${pluginText('x', 2)};`,
    reason: /speaks plugin API "2", this Shoal speaks 1/,
  },
  'no-syntax': { module: 'export default {', reason: /cannot be loaded: .*Unexpected/ },
  'throws-at-load': { module: moduleWith({ before: "throw new Error('no database');" }), reason: /no database/ },
  'hangs-at-load': {
    module: moduleWith({ before: 'await new Promise((resolve) => setTimeout(resolve, 3_600_000).unref());' }),
    reason: /cannot be loaded: it did not answer within 5000 ms/,
  },
  'throws-in-describe': {
    module: moduleWith({ describe: "throw new Error('no licence');" }),
    reason: /describe\(\) failed: no licence/,
  },
  'hangs-in-describe': { module: moduleWith({ describe: NEVER }), reason: /describe\(\) failed: .* within 5000 ms/ },
  'describes-nothing': { module: moduleWith({ describe: '' }), reason: /describe\(\) does not have the shape/ },
};

/** By worker type: the module, and why a simulation of it is FAILED. */
const CANNOT_LAUNCH: Readonly<Record<string, { readonly module: string; readonly message: RegExp }>> = {
  'throws-in-launch': {
    module: moduleWith({ launch: "throw new Error('no GPU');" }),
    message: /failed to launch: no GPU/,
  },
  'hangs-in-launch': { module: moduleWith({ launch: NEVER }), message: /did not answer within 5000 ms/ },
  'launches-nothing': { module: moduleWith({ launch: '' }), message: /launch\(\) does not have the shape/ },
  'shows-its-token': {
    module: moduleWith({ launch: "return { executable: 'true', args: [arguments[0].token] };" }),
    message: /the worker's token must not stand on its command line/,
  },
};

describe('a daemon with every kind of bad plugin', () => {
  let folder: PluginFolder;
  let daemon: ChildDaemon;

  beforeAll(async () => {
    folder = new PluginFolder();
    const types = Object.entries({ ...UNAVAILABLE, ...CANNOT_LAUNCH, good: { module: moduleWith({}) } });
    const workerTypes = types.map(([name, { module, plugin }]: [string, { module?: string; plugin?: string }]) => {
      return { name, plugin: plugin ?? folder.file(`${name}.mjs`, module ?? '') };
    });
    daemon = await spawnDaemon({ workerTypes });
  });
  afterAll(async () => {
    await daemon?.[Symbol.asyncDispose]();
    folder.remove();
  });

  it.each(Object.entries(UNAVAILABLE))(
    'says why %s is unavailable, and starts nothing of it',
    async (name, { reason }) => {
      const type = (await daemon.client.workerTypes()).find((each) => each.name === name);
      expect(type).toMatchObject({ available: false, reason: expect.stringMatching(reason) });
      await expect(daemon.client.start({ workerType: name })).rejects.toThrow(reason);
    },
  );

  it.each(Object.entries(CANNOT_LAUNCH))('says why a run of %s is FAILED', async (name, { message }) => {
    const type = (await daemon.client.workerTypes()).find((each) => each.name === name);
    expect(type).toMatchObject({ available: true, reason: '' });
    const { simulationId } = await daemon.client.start({ workerType: name });
    expect(await daemon.client.untilState(simulationId, 'FAILED')).toMatchObject({
      reason: 'LAUNCH_FAILED',
      message: expect.stringMatching(message),
    });
  });

  it('goes on: a good type runs, and the daemon is ready', async () => {
    expect(await daemon.readiness()).toMatch(/^200 /);
    const { simulationId } = await daemon.client.start({ workerType: 'good' });
    expect(await daemon.client.untilState(simulationId, 'COMPLETED')).toMatchObject({ exitCode: 0 });
    const told = daemon.log.filter(({ msg }) => msg === 'worker type unavailable');
    expect(told.map((line) => line['workerType']).toSorted()).toEqual(Object.keys(UNAVAILABLE).toSorted());
  });
});

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { ReadersFolder } from './page.ts';
import { shoal } from './served-daemon.ts';

/** A plugin that imports nothing, with what a mistake makes of it. */
function pluginWith({ apiVersion = 1, describe = 'return type;', before = '' }): string {
  return `${before}
    const type = {
      description: 'd', events: [], commands: [], acknowledges: true, registers: true,
      launch: () => ({ executable: 'true' }),
    };
    export default {
      apiVersion: ${apiVersion}, name: 'p', description: 'p',
      optionsSchema: {
        type: 'object', additionalProperties: false, required: ['script'], properties: { script: { type: 'string' } },
      },
      describe() { ${describe} },
    };`;
}

/** By the first column of the page's table: the plugin's module, or what else is in the configuration. */
const MISTAKES: Readonly<Record<string, { module?: string; plugin?: string; options?: object }>> = {
  'a misspelt option': { module: pluginWith({}), options: { scirpt: 'counter.mjs' } },
  'no such file': { plugin: './nothing-here.mjs' },
  'a file without its path': { plugin: 'counter-plugin.mjs' },
  'not installed': { plugin: 'shoal-plugin-nothing' },
  'nothing exported': { module: 'export const nothing = 1;' },
  'another API version': { module: pluginWith({ apiVersion: 2 }) },
  '`describe` throws': { module: pluginWith({ describe: "throw new Error('no licence; ask the help desk');" }) },
  '`describe` hangs': { module: pluginWith({ describe: 'return new Promise(() => {});' }) },
  'a member misspelt': { module: pluginWith({ describe: 'return { ...type, pasEnv: [] };' }) },
  'the module throws': { module: pluginWith({ before: "throw new Error('no database');" }) },
};

/** Of the table in the page: mistake → what the reason says. */
async function documented(): Promise<Record<string, string>> {
  const [, table = ''] = (await readFile('docs/plugins.md', 'utf8')).split(
    '| mistake | the reason says |\n|---|---|\n',
  );
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n');
  return Object.fromEntries(
    rows.map((row) =>
      row
        .split('|')
        .slice(1, 3)
        .map((cell) => cell.trim()),
    ),
  );
}

test('shoal config check says of each mistake what docs/plugins.md says that it says', async () => {
  await using folder = await ReadersFolder.of();
  const types: object[] = [];
  for (const [at, { module, plugin = `./mistake-${at}.mjs`, options = { script: 'x' } }] of Object.values(
    MISTAKES,
  ).entries()) {
    if (module !== undefined) await folder.write(plugin, module);
    types.push({ name: `mistake-${at}`, plugin, options });
  }
  await folder.write('mistakes.yaml', JSON.stringify({ worker_types: types }));
  const { exitCode, output } = await shoal(folder, 'config', 'check', '--offline', 'mistakes.yaml');
  expect(exitCode).toBe(78);
  const reasons = await documented();
  expect(Object.keys(reasons)).toEqual(Object.keys(MISTAKES));
  const told = output.split('\n');
  expect(told).toHaveLength(types.length);
  for (const [at, [mistake, reason = '']] of Object.entries(reasons).entries()) {
    expect(told[at], mistake).toContain(reason.replace(/^`|`$/g, ''));
  }
});

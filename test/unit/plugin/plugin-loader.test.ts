import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { catalogueOf, launchOf, reasonOf, SIGNAL, workerTypeConfig } from '../../support/plugins/catalogue-for-test.ts';
import { PluginFolder, pluginText } from '../../support/plugins/plugin-folder.ts';

describe('where a plugin comes from', () => {
  let folder: PluginFolder;
  beforeEach(() => {
    folder = new PluginFolder();
  });
  afterEach(() => folder.remove());

  const load = async (plugin: string, options: Record<string, unknown> = {}) => {
    const catalogue = catalogueOf([workerTypeConfig(plugin, options)], { baseDirectory: folder.path });
    await catalogue.start(SIGNAL);
    const [type] = catalogue.list();
    if (type === undefined) throw new Error('not listed');
    return type;
  };
  const loaded = async (plugin: string) => {
    const type = await load(plugin);
    return type.availability.available ? type.description : `unavailable: ${type.availability.reason}`;
  };

  it('a built-in name', async () => {
    expect((await load('executable', { executable: 'w' })).availability.available).toBe(true);
  });

  it('a local path, relative to the configuration or absolute, default or named export', async () => {
    folder.file('a.js', `export default ${pluginText('default')};`);
    folder.file('sub/b.mjs', `export const plugin = ${pluginText('named')};`);
    folder.file('c.cjs', `module.exports = ${pluginText('commonjs')};`);
    expect(await loaded('./a.js')).toBe('default');
    expect(await loaded('./sub/b.mjs')).toBe('named');
    expect(await loaded(join(folder.path, 'a.js'))).toBe('default');
    expect(await loaded(`../${folder.path.split('/').at(-1)}/a.js`)).toBe('default');
    expect(await loaded('./c.cjs')).toBe('commonjs');
  });

  it('a local path in TypeScript, written against shoal/plugin', async () => {
    const path = new URL('../../support/plugins/echo-plugin.ts', import.meta.url).pathname;
    const type = await load(path, { text: 'hello {worker_id}' });
    expect(reasonOf(type)).toBe('');
    expect(await type.plan(launchOf())).toMatchObject({ executable: 'echo', args: ['hello w1'] });
    expect(reasonOf(await load(path, { txt: 'x' }))).toMatch(
      /options.text: is required; options.txt: unknown key; did you mean "text"/,
    );
  });

  it('an npm package of the configuration’s folder', async () => {
    const esm = `export default ${pluginText('esm')};`;
    folder.npmPackage('shoal-esm', { type: 'module', exports: './index.js' }, { 'index.js': esm });
    folder.npmPackage(
      'shoal-import-only',
      { exports: { '.': { types: './x.d.ts', import: './index.mjs' } } },
      { 'index.mjs': esm },
    );
    folder.npmPackage(
      '@scope/shoal-nested',
      { exports: { node: { import: { default: './index.mjs' } } } },
      { 'index.mjs': esm },
    );
    folder.npmPackage(
      'shoal-cjs',
      { main: 'lib.js' },
      { 'lib.js': `exports.default = ${pluginText('cjs')}; exports.__esModule = true;` },
    );
    folder.npmPackage(
      'shoal-many',
      { exports: { './one': { import: './1.mjs' }, './two': './2.mjs' } },
      { '1.mjs': esm, '2.mjs': `export const plugin = ${pluginText('two')};` },
    );
    expect(await loaded('shoal-esm')).toBe('esm');
    expect(await loaded('shoal-import-only')).toBe('esm');
    expect(await loaded('@scope/shoal-nested')).toBe('esm');
    expect(await loaded('shoal-cjs')).toBe('cjs');
    expect(await loaded('shoal-many/one')).toBe('esm');
    expect(await loaded('shoal-many/two')).toBe('two');
  });

  it('an npm package whose name could be a file’s', async () => {
    folder.npmPackage('fish.js', { main: 'i.js' }, { 'i.js': `module.exports = ${pluginText('package')};` });
    folder.file('fish.js', `module.exports = ${pluginText('file')};`);
    expect(await loaded('fish.js')).toBe('package');
    expect(await loaded('./fish.js')).toBe('file');
  });

  it('an npm package of a folder above', async () => {
    folder.npmPackage('shoal-above', { main: 'index.js' }, { 'index.js': `module.exports = ${pluginText('above')};` });
    mkdirSync(join(folder.path, 'deep/config'), { recursive: true });
    const catalogue = catalogueOf([workerTypeConfig('shoal-above')], {
      baseDirectory: join(folder.path, 'deep/config'),
    });
    await catalogue.start(SIGNAL);
    expect(catalogue.list().map(({ description }) => description)).toEqual(['above']);
  });

  const refused: [string, string, (folder: PluginFolder) => void, RegExp][] = [
    ['a file that is not there', './none.js', () => {}, /none.js does not exist/],
    ['a folder', './sub', (f) => f.file('sub/x', ''), /is not a file; name the plugin's module/],
    [
      'a file that throws',
      './throws.js',
      (f) => f.file('throws.js', 'throw new Error("no licence; buy one")'),
      /throws.js cannot be loaded: no licence; buy one/,
    ],
    [
      'a file that throws nothing',
      './nothing.js',
      (f) => f.file('nothing.js', 'throw undefined'),
      /cannot be loaded: undefined/,
    ],
    [
      'a file with another’s import',
      './lost.js',
      (f) => f.file('lost.js', 'import "not-installed-anywhere-xyz";'),
      /cannot be loaded: .*not-installed-anywhere-xyz/,
    ],
    [
      'a file without an export',
      './empty.js',
      (f) => f.file('empty.js', 'export const other = 1;'),
      /exports no plugin; make it the default export, or export it as "plugin"/,
    ],
    [
      'a file that exports a function',
      './function.js',
      (f) => f.file('function.js', 'export default () => {};'),
      /exports no plugin/,
    ],
    [
      'a file for a newer API',
      './newer.js',
      (f) => f.file('newer.js', `export default ${pluginText('x', 2)};`),
      /speaks plugin API "2", this Shoal speaks 1/,
    ],
    [
      'a file without an API version',
      './old.js',
      (f) => f.file('old.js', 'export default { name: "x" };'),
      /has no apiVersion/,
    ],
    [
      'a package that is not installed',
      'shoal-not-installed',
      () => {},
      /no npm package "shoal-not-installed" is installed in .*; run "npm install shoal-not-installed" there; built in: executable/,
    ],
    [
      'a subpath that is not exported',
      'shoal-p/no',
      (f) => f.npmPackage('shoal-p', { exports: { './yes': './y.js' } }, {}),
      /package shoal-p does not export \.\/no/,
    ],
    [
      'a package that exports nothing',
      'shoal-q',
      (f) => f.npmPackage('shoal-q', { exports: { './yes': './y.js' } }, {}),
      /package shoal-q does not export/,
    ],
    [
      'a package with a damaged manifest',
      'shoal-r',
      (f) => f.file('node_modules/shoal-r/package.json', '{'),
      /shoal-r/,
    ],
    [
      'a file without its path',
      'p.mjs',
      (f) => f.file('p.mjs', `export default ${pluginText('x')};`),
      /no npm package "p.mjs" is installed; a file is named by its path: ".\/p.mjs"$/,
    ],
    [
      'a file of a folder without its path',
      'plugins/p',
      (f) => f.file('plugins/p', ''),
      /a file is named by its path: ".\/plugins\/p"$/,
    ],
    [
      'what can only be a file, without its path, although it is not there',
      'fish.ts',
      () => {},
      /a file is named by its path: ".\/fish.ts"$/,
    ],
    [
      'a misspelt built-in name',
      'executible',
      () => {},
      /there is no plugin of that name; did you mean "executable"\?$/,
    ],
    [
      'a module of Node',
      'node:fs',
      () => {},
      /neither a built-in plugin, nor a path .* nor the name of an npm package/,
    ],
    ['a module of Node without its prefix', 'fs', () => {}, /neither a built-in plugin/],
    ['an address', 'https://example.org/x.js', () => {}, /neither a built-in plugin/],
    ['code', 'data:text/javascript,export default 1', () => {}, /neither a built-in plugin/],
    ['a package path that climbs', 'x/../../y.js', (f) => f.file('y.js', ''), /neither a built-in plugin/],
  ];
  it.each(refused)('%s is refused with what to do', async (_, plugin, prepare, reason) => {
    prepare(folder);
    expect(await loaded(plugin)).toMatch(reason);
  });
});

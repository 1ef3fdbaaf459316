import { execFileSync } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PluginFolder, pluginText } from '../../support/plugins/plugin-folder.ts';

const SCRIPT = new URL('../../support/plugins/list-types.ts', import.meta.url).pathname;
const ECHO_PLUGIN = new URL('../../support/plugins/echo-plugin.ts', import.meta.url).pathname;

/** vitest loads modules in its own way; these are loaded as the daemon loads them. */
describe('plugins loaded by Node itself', () => {
  let folder: PluginFolder;
  beforeEach(() => {
    folder = new PluginFolder();
  });
  afterEach(() => folder.remove());

  const load = (...plugins: string[]): Record<string, string> => {
    const out = execFileSync(process.execPath, ['-C', 'source', SCRIPT, folder.path, ...plugins], { encoding: 'utf8' });
    return JSON.parse(out);
  };

  it('come from paths and packages, in JavaScript and TypeScript', () => {
    const esm = `export default ${pluginText('esm')};`;
    folder.file('a.mjs', esm);
    folder.file('b.cjs', `module.exports = ${pluginText('commonjs')};`);
    folder.file('c.ts', `const text: string = 'x';\nexport const plugin = ${pluginText('typescript')};`);
    folder.npmPackage('shoal-import-only', { exports: { import: './i.mjs' } }, { 'i.mjs': esm });
    folder.npmPackage(
      'shoal-compiled',
      { main: 'i.js' },
      { 'i.js': `exports.__esModule = true; exports.default = ${pluginText('compiled')};` },
    );
    expect(load('./a.mjs', './b.cjs', './c.ts', ECHO_PLUGIN, 'shoal-import-only', 'shoal-compiled')).toEqual({
      './a.mjs': 'esm',
      './b.cjs': 'commonjs',
      './c.ts': 'typescript',
      [ECHO_PLUGIN]: 'prints x',
      'shoal-import-only': 'esm',
      'shoal-compiled': 'compiled',
    });
  });

  it('say what to do when Node cannot run them', () => {
    folder.file('syntax.mjs', 'export default {');
    folder.file('data.txt', 'text');
    folder.file('enum.ts', `enum A { B }\nexport default A;`);
    folder.file('throws.mjs', 'throw new Error("no licence; buy one")');
    folder.file(
      'late.mjs',
      `setTimeout(() => {}, 60_000).unref(); Promise.reject(new Error('later')).catch(() => {}); export default ${pluginText('late')};`,
    );
    folder.npmPackage('shoal-ts', { exports: './i.ts' }, { 'i.ts': 'export default {}' });
    const reasons = load('./syntax.mjs', './data.txt', './enum.ts', './throws.mjs', './late.mjs', 'shoal-ts');
    expect(reasons['./syntax.mjs']).toMatch(/syntax.mjs cannot be loaded: .*Unexpected/);
    expect(reasons['./data.txt']).toMatch(/data.txt cannot be loaded: this Node does not run such files/);
    expect(reasons['./enum.ts']).toMatch(/enum.ts cannot be loaded: .*enum/i);
    expect(reasons['./throws.mjs']).toMatch(/no licence; buy one/);
    expect(reasons['./late.mjs']).toBe('late');
    expect(reasons['shoal-ts']).toMatch(
      /TypeScript does not run inside node_modules; the package must ship JavaScript/,
    );
  });
});

import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../../..');
const fixtures = join(root, 'test/boundaries/lint');
const run = promisify(execFile);

interface Rules {
  readonly [group: string]: string | { readonly [rule: string]: string | { readonly level: string } };
}

interface BiomeConfig {
  readonly plugins: readonly { readonly path: string }[];
  readonly vcs: object;
  readonly linter: { readonly rules: Rules };
  readonly overrides: readonly { readonly linter: { readonly rules: Rules } }[];
}

interface Report {
  readonly diagnostics: readonly { readonly category: string; readonly message: string }[];
}

const config: BiomeConfig = JSON.parse(await readFile(join(root, 'biome.json'), 'utf8'));
const plugins = config.plugins.map(({ path }) => path);
const rules = [
  ...new Set([config, ...config.overrides].flatMap(({ linter }) => chosenRules(linter.rules))),
  ...plugins.map((path) => basename(path, '.grit')),
].sort();

describe('lint rules', () => {
  test('each rule that biome.json chooses has a bad fixture, and each fixture a rule', async () => {
    expect((await readdir(fixtures)).sort()).toEqual(rules);
  });

  test.concurrent.each(rules)('%s fires on its fixture, and no other rule does', async (rule) => {
    const { diagnostics } = await lint(rule);
    const broken = diagnostics.map(({ category }) => category.split('/').at(-1));
    const isPlugin = plugins.some((path) => basename(path, '.grit') === rule);
    expect(new Set(broken)).toEqual(new Set([isPlugin ? 'plugin' : rule]));
  });

  test('every global that the domain must not use is refused', async () => {
    const denied = JSON.stringify(config.overrides).match(/(?<="deniedGlobals":\{).*?(?=\})/)?.[0] ?? '';
    const names = [...denied.matchAll(/"(\w+)":/g)].map(([, name]) => name);
    const { diagnostics } = await lint('noRestrictedGlobals');
    const refused = diagnostics.map(({ message }) => /variable (\w+)/.exec(message)?.[1]);
    expect(refused.sort()).toEqual(names.sort());
    expect(names).toContain('Date');
  });
});

/** The fixture in a folder of its own, where the paths in biome.json mean what they mean in the project. */
async function lint(rule: string): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-lint-'));
  try {
    await cp(join(fixtures, rule), folder, { recursive: true });
    for (const path of plugins) {
      await mkdir(join(folder, dirname(path)), { recursive: true });
      await cp(join(root, path), join(folder, path));
    }
    await writeFile(join(folder, 'biome.json'), JSON.stringify({ ...config, vcs: {} }));
    const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--reporter=json', '--max-diagnostics=none', '.'];
    const { stdout } = await run(process.execPath, args, { cwd: folder }).catch(({ stdout }) => ({ stdout }));
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What the configuration chooses beside the preset. */
function chosenRules(groups: Rules): string[] {
  return Object.values(groups)
    .filter((group) => typeof group !== 'string')
    .flatMap((group) => Object.entries(group))
    .filter(([, value]) => value !== 'off')
    .map(([rule]) => rule);
}

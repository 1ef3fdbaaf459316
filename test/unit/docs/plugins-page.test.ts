import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { EXECUTABLE_OPTIONS_SCHEMA } from '../../../plugins/executable/options-schema.ts';
import { PLACEHOLDER_NAMES, PLUGIN_API_VERSION } from '../../../src/plugin/plugin.ts';
import { CHECKS } from '../../../src/plugin-testkit/plugin-testkit.ts';
import { DEFAULT_TRIAL } from '../../../src/plugin-testkit/trial.ts';
import { executableType, launchOf } from '../../support/plugins/catalogue-for-test.ts';

const PAGE = readFileSync('docs/plugins.md', 'utf8');

/** The rows of the table that begins with this header, cells trimmed. */
function rowsAfter(header: string): string[][] {
  const [, table = ''] = PAGE.split(`${header}\n`);
  const rows = table.slice(0, table.indexOf('\n\n')).split('\n').slice(1);
  return rows.map((row) =>
    row
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

interface OptionSchema {
  readonly default?: unknown;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
}

test('docs/plugins.md lists every option of executable with its default, and no other', () => {
  const { properties, required } = EXECUTABLE_OPTIONS_SCHEMA as {
    properties: Record<string, OptionSchema>;
    required: readonly string[];
  };
  const real = Object.entries(properties).map(([name, schema]) => {
    if (required.includes(name)) return [`\`${name}\``, 'required'];
    // Said in words: the list is longer than its exception.
    if (name === 'commands') return [`\`${name}\``, 'all but `snapshot`'];
    if (schema.default === undefined) return [`\`${name}\``, ''];
    return [
      `\`${name}\``,
      `\`${typeof schema.default === 'string' ? schema.default : JSON.stringify(schema.default)}\``,
    ];
  });
  const rows = rowsAfter('| option | type | default | meaning |');
  expect(rows.map(([name, , fallback]) => [name, fallback])).toEqual(real);
  const commands = rows.find(([name]) => name === '`commands`')?.[3] ?? '';
  for (const name of properties['commands']?.items?.enum ?? ['?']) expect(commands).toContain(`\`${name}\``);
  const register = rows.find(([name]) => name === '`register`')?.[1];
  expect(register).toBe(properties['register']?.enum?.map((each) => `\`${each}\``).join(', '));
});

test('docs/plugins.md lists every check of the kit with what it asks, and every member of a trial', () => {
  expect(rowsAfter('| check | asks that |')).toEqual(
    Object.entries(CHECKS).map(([name, asks]) => [`\`${name}\``, asks]),
  );
  const members = rowsAfter('| member of the trial | default | meaning |').map(([name]) => name?.replaceAll('`', ''));
  expect(members).toEqual(Object.keys(DEFAULT_TRIAL));
});

test.each(['javascript', 'typescript'])(
  'the example in %s depends on the tarball of this version, and on no registry',
  (name) => {
    const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
    const { version } = read('package.json');
    const folder = `examples/plugins/${name}`;
    const { dependencies, devDependencies, peerDependenciesMeta } = read(`${folder}/package.json`);
    expect(dependencies).toBeUndefined();
    expect(devDependencies.shoal).toBe(`file:../../../shoal-${version}.tgz`);
    // Else npm would fetch whatever the registry has under that name.
    expect(peerDependenciesMeta).toEqual({ shoal: { optional: true } });
    expect(readFileSync(`${folder}/README.md`, 'utf8')).toContain(`shoal-${version}.tgz`);
  },
);

test('docs/plugins.md lists every placeholder, and tells the present API version', () => {
  const [, list = ''] = /^Placeholders are (.*?)\. For/ms.exec(PAGE) ?? [];
  expect(list.match(/[a-z_]+(?=})/g)).toEqual([...PLACEHOLDER_NAMES]);
  expect(PAGE).toMatch(new RegExp(`The present one\\s+is ${PLUGIN_API_VERSION}\\.`));
});

test('a worker gets the variables that docs/plugins.md lists, and of the daemon no other', async () => {
  const [, list = ''] = /^1\. (.*?) of the daemon, those that are set;$/m.exec(PAGE) ?? [];
  const documented = list.split(/, | and /);
  const host = Object.fromEntries([...documented, 'SECRET', 'EXTRA'].map((name) => [name, 'x']));
  const type = await executableType(
    { executable: 'w', pass_env: ['EXTRA'], env: { OWN: 'y' } },
    { hostEnvironment: host },
  );
  const { env } = await type.plan(launchOf());
  const names = Object.keys(env).filter((name) => !name.startsWith('SHOAL_'));
  expect(names.toSorted()).toEqual([...documented, 'EXTRA', 'OWN'].toSorted());
});

import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { shoal, shoalDone } from './shoal-process.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test.each(['typescript', 'rust', 'python'])(
  'init worker writes a project in %s, whose configuration is valid',
  async (lang) => {
    const target = join(folder, 'project');
    const steps = await shoalDone(['init', 'worker', '--lang', lang, '--dir', target, 'my-worker']);
    expect(steps).toContain(`start my-worker --id first --wait\n`);
    expect(await readdir(target)).toEqual(expect.arrayContaining(['README.md', 'shoal.yaml']));
    const config = join(target, 'shoal.yaml');
    expect(await shoalDone(['config', 'check', '--offline', config])).toBe(`${config} is valid\n`);
  },
);

test('init worker overwrites nothing', async () => {
  await writeFile(join(folder, 'notes'), 'mine');
  const refused = await shoal(['init', 'worker', '--lang', 'rust', '--dir', folder, 'my-worker']);
  expect(refused).toMatchObject({ exitCode: 1, stdout: '' });
  expect(refused.stderr).toContain(`${folder} is not empty, and nothing is overwritten\n`);
  expect(refused.stderr).toContain('--dir');
  expect(await readdir(folder)).toEqual(['notes']);
});

test.each([
  [['--lang', 'rust', 'My Worker'], "'My Worker' is invalid"],
  [['--lang', 'cobol', 'my-worker'], 'Allowed choices are typescript, rust, python'],
  [['my-worker'], "'--lang <language>' not specified"],
  [['--lang', 'rust'], "missing required argument 'name'"],
])('init worker %j is wrong usage', async (args, message) => {
  const { exitCode, stdout, stderr } = await shoal(['init', 'worker', ...args]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

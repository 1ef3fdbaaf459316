import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nextSteps } from '../../../src/cli/init/next-steps.ts';
import { nameProblem } from '../../../src/cli/init/project-name.ts';
import { LANGUAGES, planProject } from '../../../src/cli/init/project-plan.ts';
import { fill, writeProject } from '../../../src/cli/init/write-project.ts';

const root = resolve('.');
const FILLING = { name: 'my-worker', version: '1.2.3' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-init-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('the name of a project', () => {
  test.each(['a', 'fish-school', 'v2', 'x-1-y'])('may be %s', (name) => {
    expect(nameProblem(name)).toBeUndefined();
  });

  test.each(['', 'Fish', '-a', 'a-', 'a--b', '1a', 'a_b', 'a b', '../a', '.', 'ä', 'a'.repeat(65)])(
    'must not be %j',
    (name) => {
      expect(nameProblem(name)).toMatch(/^Expected lower-case letters/);
    },
  );

  test.each(['shoal', 'shoal-worker', 'shoal-sim'])('must not be %s, on which projects depend', (name) => {
    expect(nameProblem(name)).toContain('name of a library');
  });
});

describe('the plan of a project', () => {
  test.each(LANGUAGES)('in %s has what it needs, each file once, and no leftovers', (language) => {
    const paths = planProject(language, root).map(({ path }) => path);
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toEqual(expect.arrayContaining(['README.md', 'shoal.yaml', '.gitignore']));
    expect(paths.filter((path) => /__pycache__|\.pyc$|_proto\/|(^|\/)target\/|\.lock$|\.template$/.test(path))).toEqual(
      [],
    );
  });

  test.each([
    ['typescript', ['package.json', 'tsconfig.json', 'worker.mts', 'run.mts', 'walk.mts']],
    ['rust', ['Cargo.toml', 'src/main.rs', 'shoal-worker/src/lib.rs', 'shoal-worker/LICENSE']],
    ['python', ['counter.py', 'shoal-sim/setup.py', 'shoal-sim/src/shoal_sim/worker/worker.py', 'shoal-sim/LICENSE']],
  ] as const)('in %s has its worker and its library', (language, expected) => {
    const paths = planProject(language, root).map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining([...expected]));
  });

  test.each([
    ['rust', 'shoal-worker'],
    ['python', 'shoal-sim'],
  ] as const)('in %s has the whole contract beside its library', (language, library) => {
    const protos = planProject(language, root).filter(({ path }) => path.endsWith('.proto'));
    expect(protos.map(({ path }) => path)).toContain(`${library}/proto/fes/orchestration/v1/worker_service.proto`);
  });

  test('is of files that the package has', () => {
    const { files } = JSON.parse(readFileSync('package.json', 'utf8')) as { files: string[] };
    const isPacked = (source: string): boolean =>
      files.some((entry) => source === join(root, entry) || source.startsWith(join(root, entry, '/')));
    const missing = LANGUAGES.flatMap((language) => planProject(language, root)).filter(
      ({ source }) => !isPacked(source),
    );
    expect(missing).toEqual([]);
  });
});

describe('writing a project', () => {
  const plan = () => planProject('typescript', root);

  test('fills in name and version, and leaves nothing to be filled in', async () => {
    const target = join(folder, 'new', 'project');
    for (const [at, language] of LANGUAGES.entries()) {
      const files = planProject(language, root);
      writeProject(join(target, String(at)), files, FILLING);
      for (const { path, isTemplate } of files) {
        const text = await readFile(join(target, String(at), path), 'utf8');
        if (isTemplate) expect(text, path).not.toContain('{{');
      }
    }
    const { name, dependencies } = JSON.parse(await readFile(join(target, '0', 'package.json'), 'utf8'));
    expect([name, dependencies]).toEqual(['my-worker', { shoal: 'file:shoal-1.2.3.tgz' }]);
    expect(await readFile(join(target, '1', 'Cargo.toml'), 'utf8')).toContain('name = "my-worker"');
  });

  test('takes a folder that is there and empty', async () => {
    writeProject(folder, plan(), FILLING);
    expect(existsSync(join(folder, 'worker.mts'))).toBe(true);
  });

  test('refuses a folder that is not empty, a file and a link to a file, and touches nothing', async () => {
    await writeFile(join(folder, 'README.md'), 'mine');
    expect(() => writeProject(folder, plan(), FILLING)).toThrow(`${folder} is not empty, and nothing is overwritten`);
    const file = join(folder, 'README.md');
    expect(() => writeProject(file, plan(), FILLING)).toThrow(`${file} is a file, and nothing is overwritten`);
    await symlink(file, join(folder, 'link'));
    expect(() => writeProject(join(folder, 'link'), plan(), FILLING)).toThrow('is a file, and nothing is overwritten');
    expect(await readFile(file, 'utf8')).toBe('mine');
    expect(existsSync(join(folder, 'worker.mts'))).toBe(false);
  });

  test('says why where it cannot write', async () => {
    await mkdir(join(folder, 'a'));
    await writeFile(join(folder, 'a', 'b'), '');
    expect(() => writeProject(join(folder, 'a', 'b', 'c'), plan(), FILLING)).toThrow(
      /is a file|cannot be written: ENOTDIR/,
    );
  });

  test('a template that asks for what there is not is a mistake', () => {
    expect(() => fill('{{nome}}', FILLING)).toThrow('a template asks for {{nome}}');
  });
});

test('the next steps are commands for a shell, whatever the folder is called', () => {
  const [cd, ...rest] = nextSteps('rust', 'my-worker', join(process.cwd(), "it's here"));
  expect(cd).toBe("cd 'it'\\''s here'");
  expect(rest[0]).toBe('cargo build --release');
  expect(rest.at(-1)).toContain(' start my-worker --id first --wait');
});

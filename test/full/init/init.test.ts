import { copyFile, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { ServedDaemon } from '../../e2e/docs/served-daemon.ts';
import { expectNewWorkerRuns, preparation } from '../../support/init/new-worker.ts';
import { mustRun, needProgram, runProgram } from '../../support/run-program.ts';
import { findCargo, RUST_WORKSPACE } from '../../support/toolchains/cargo.ts';

/** A cold machine compiles every dependency, or fetches it, on a slow line. */
const BUILD_TIMEOUT_MS = 1_200_000;
const CONFORMANCE_TIMEOUT_MS = 280_000;

const FROM_SOURCES = ['-C', 'source', resolve('src/main.ts')];

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-init-'));
});
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 }));

/** What a language needs before the printed steps can be taken, and what it finds on the PATH. */
const LANGUAGES = {
  typescript: { prepare: async () => dirname(process.execPath) },
  rust: { prepare: shareCompiled },
  python: {
    prepare: async () => {
      await needProgram('python3', 'install Python 3.11 or later with venv (Debian: apt-get install python3-venv)');
      return '';
    },
  },
} as const;

/** Its dependencies are those of the workspace: compiled once a machine, in the same versions. @returns cargo's folder */
async function shareCompiled(project: string): Promise<string> {
  const cargo = findCargo();
  const compiled = resolve('.cache/cargo-target');
  await mkdir(compiled, { recursive: true });
  await symlink(compiled, join(project, 'target'));
  await copyFile(join(RUST_WORKSPACE, 'Cargo.lock'), join(project, 'Cargo.lock'));
  return dirname(cargo);
}

describe.each(Object.entries(LANGUAGES))('a project in %s that `shoal init worker` wrote', (language, { prepare }) => {
  const name = `my-${language}`;
  const env = { PATH: '' };
  let project: string;

  beforeAll(async () => {
    project = join(folder, name);
    const args = [...FROM_SOURCES, 'init', 'worker', '--lang', language, '--dir', project, name];
    const printed = await mustRun(process.execPath, args, { cwd: folder });
    env.PATH = [await prepare(project), process.env['PATH']].join(delimiter);
    for (const line of preparation(printed)) {
      await mustRun('sh', ['-c', line], { cwd: project, env, timeoutMs: BUILD_TIMEOUT_MS });
    }
  }, BUILD_TIMEOUT_MS);

  test('runs under a daemon', async () => {
    await using daemon = await ServedDaemon.start({ path: project }, 'shoal.yaml');
    await expectNewWorkerRuns(daemon.client, name);
  });

  test('passes the whole of `shoal conformance`', { timeout: CONFORMANCE_TIMEOUT_MS }, async () => {
    const args = ['conformance', '--type', name, '--config', 'shoal.yaml', '--nats-server', inject('natsServer').path];
    const examined = await runProgram(process.execPath, [...FROM_SOURCES, ...args], {
      cwd: project,
      env,
      timeoutMs: CONFORMANCE_TIMEOUT_MS,
    });
    expect(examined.stdout).not.toContain('✗');
    expect(examined.stdout).toMatch(new RegExp(`worker type ${name}: \\d{2} passed, 0 failed`));
    expect(examined.exitCode).toBe(0);
  });
});

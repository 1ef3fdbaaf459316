import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { LANGUAGES, planProject } from '../../../src/cli/init/project-plan.ts';
import { ServedDaemon } from '../../e2e/docs/served-daemon.ts';
import { expectNewWorkerRuns, preparation } from '../../support/init/new-worker.ts';
import { mustRun } from '../../support/run-program.ts';
import type { InstalledPackage } from './installed-package.ts';
import { root } from './npm.ts';

/** Shares the build with the tests of the package. */
export function testInit(installed: () => InstalledPackage): void {
  describe('`shoal init worker` of the installed package', () => {
    let folder: string;
    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'shoal-new-'));
      // The machine's own Node may be too old, for npm's scripts as for the workers.
      vi.stubEnv('PATH', `${dirname(process.execPath)}${delimiter}${process.env['PATH']}`);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
    });

    test.each(LANGUAGES)('has all files of a project in %s', async (language) => {
      const { exitCode, stderr } = await installed().shoal(
        ...['init', 'worker', '--lang', language, '--dir', join(folder, `plan-${language}`), 'my-worker'],
      );
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const pathsIn = (shoalFolder: string) => planProject(language, shoalFolder).map(({ path }) => path);
      expect(pathsIn(join(installed().folder, 'node_modules/shoal'))).toEqual(pathsIn(root));
    });

    test('makes a worker in TypeScript that runs after the steps that it prints', async () => {
      const project = join(folder, 'walker');
      const { stdout } = await installed().shoal('init', 'worker', '--lang', 'typescript', '--dir', project, 'walker');
      const env = {
        npm_config_prefer_offline: 'true',
        npm_config_loglevel: 'error',
        npm_config_ignore_scripts: 'true',
      };
      const run = (line: string) => mustRun('sh', ['-c', line], { cwd: project, env, timeoutMs: 150_000 });
      for (const line of preparation(stdout)) await run(line);
      await run('npm run check');
      const command = [join(project, 'node_modules/.bin/shoal')];
      await using daemon = await ServedDaemon.start({ path: project }, 'shoal.yaml', command);
      await expectNewWorkerRuns(daemon.client, 'walker');
    });
  });
}

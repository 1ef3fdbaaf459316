import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testInit } from './init-tests.ts';
import { InstalledPackage } from './installed-package.ts';
import { runNode } from './npm.ts';
import { testPluginPackages } from './plugin-package-tests.ts';

describe('the package, installed from its tarball', () => {
  let installed: InstalledPackage;
  beforeAll(async () => {
    installed = await InstalledPackage.make();
  });
  afterAll(async () => {
    await installed?.[Symbol.asyncDispose]();
  });

  test('holds what it needs', () => {
    expect(installed.files).toEqual(
      expect.arrayContaining([
        'LICENSE',
        'CHANGELOG.md',
        'README.md',
        'config/shoal.yaml',
        'config/nats.yaml',
        'config/shoal.schema.json',
        'dist/src/main.js',
        'dist/src/plugin/plugin.d.ts',
        'dist/src/plugin-testkit/plugin-testkit.d.ts',
        'dist/src/worker/worker.d.ts',
        'dist/plugins/executable/executable.js',
        'dist/examples/fish-school/main.js',
        'examples/fish-school/run.mjs',
        'proto/descriptors.binpb',
        'proto/fes/orchestration/v1/worker_service.proto',
      ]),
    );
  });

  test('holds no TypeScript sources, which Node does not run there, no tests and no maps', () => {
    const foreign = installed.files.filter((file) =>
      /(?<!\.d)\.ts$|\.map$|^(src|test|bench|scripts|docs)\//.test(file),
    );
    expect(foreign).toEqual([]);
  });

  test('`shoal version` runs', async () => {
    const { exitCode, stdout } = await installed.shoal('version');
    expect(stdout).toContain(installed.version);
    expect(exitCode).toBe(0);
  });

  test('installed globally it runs in an empty folder, plugins, example and all', async () => {
    const command = await installed.globally();
    const empty = await mkdtemp(join(tmpdir(), 'shoal-empty-'));
    try {
      expect(await runNode(empty, command, 'version')).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await runNode(empty, command, 'config', 'schema')).toMatchObject({ exitCode: 0, stderr: '' });
      const demo = await runNode(empty, command, 'demo', '--for', '4s');
      expect([demo.exitCode, demo.stderr]).toEqual([0, '']);
      expect(demo.stdout).toMatch(/reef RUNNING tick [1-9]/);
      expect(await readdir(empty)).toEqual([]);
    } finally {
      await rm(empty, { recursive: true, force: true });
    }
  });

  test('`shoal config check` takes the shipped configurations, whose plugin imports the package by its name', async () => {
    for (const name of ['shoal', 'nats']) {
      const { stdout, stderr } = await installed.shoal(
        'config',
        'check',
        '--offline',
        `node_modules/shoal/config/${name}.yaml`,
      );
      expect(stderr).toBe('');
      expect(stdout).toContain('is valid');
    }
  });

  test('`shoal demo` launches the example worker, built to JavaScript', async () => {
    const { exitCode, stdout } = await installed.shoal('demo', '--for', '6s');
    expect(stdout).toMatch(/reef RUNNING tick [1-9]/);
    expect(stdout).toMatch(/STOPPED, \d+ ms/);
    expect(exitCode).toBe(0);
  });

  test('JavaScript imports shoal/plugin, shoal/plugin-testkit, shoal/worker and the .proto files', async () => {
    const { stdout, stderr } = await installed.script(`
      import { PLUGIN_API_VERSION, definePlugin } from 'shoal/plugin';
      import { assertConforms } from 'shoal/plugin-testkit';
      import { connectWorker } from 'shoal/worker';
      const proto = import.meta.resolve('shoal/proto/fes/common/events/generic_event.proto');
      console.log(PLUGIN_API_VERSION, typeof definePlugin, typeof assertConforms, typeof connectWorker, proto.startsWith('file:'));
    `);
    expect(stderr).toBe('');
    expect(stdout).toBe('1 function function function true\n');
  });

  test('what is not exported cannot be imported', async () => {
    const { stderr } = await installed.script(`import 'shoal/dist/src/app/daemon.js';`);
    expect(stderr).toContain('ERR_PACKAGE_PATH_NOT_EXPORTED');
  });

  test('TypeScript knows the types of both, and refuses what does not fit', async () => {
    const { exitCode, stdout } = await installed.compile(`
      import { definePlugin, PLUGIN_API_VERSION, type WorkerTypePlugin } from 'shoal/plugin';
      import { connectWorker, type Worker } from 'shoal/worker';

      export const plugin: WorkerTypePlugin = definePlugin({
        apiVersion: PLUGIN_API_VERSION,
        name: 'mine',
        description: 'Launches mine.',
        optionsSchema: { type: 'object' },
        describe: () => ({
          description: 'launches mine',
          events: [],
          commands: ['stop'],
          acknowledges: false,
          registers: false,
          launch: () => ({ executable: 'mine', args: [] }),
        }),
      });
      export const worker: Worker = await connectWorker();

      // @ts-expect-error a name is text
      export const wrong: WorkerTypePlugin['name'] = 1;
      // @ts-expect-error there is no such member
      worker.levitate();
    `);
    expect(stdout).toBe('');
    expect(exitCode).toBe(0);
  });

  testPluginPackages(() => installed);
  testInit(() => installed);
});

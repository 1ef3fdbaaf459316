import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ReadersFolder } from './page.ts';
import { node, ServedDaemon, shoal } from './served-daemon.ts';

let folder: ReadersFolder;

beforeAll(async () => {
  folder = await ReadersFolder.of('docs/plugins.md', 'docs/workers.md');
  await folder.copy('counter.mjs', 'shoal-plugin-counter/counter.mjs');
  await folder.link('shoal-plugin-counter');
});

afterAll(() => folder[Symbol.asyncDispose]());

test.for(['config/shoal.yaml', 'config/nats.yaml'])('the plugins take the options of %s', async (file) => {
  const { exitCode, output } = await shoal(folder, 'config', 'check', '--offline', resolve(file));
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: `${resolve(file)} is valid` });
});

describe('docs/plugins.md', () => {
  test.for([
    ['counter.yaml', 'runs counter.mjs'],
    ['counter-npm.yaml', 'counter: counts, in 64 MB'],
  ])('the plugin of %s is available, and its workers run', async ([config = '', description]) => {
    expect(await shoal(folder, 'config', 'check', '--offline', config)).toEqual({
      exitCode: 0,
      output: `${config} is valid`,
    });
    await using daemon = await ServedDaemon.start(folder, config);
    const [type] = await daemon.client.workerTypes();
    expect(type).toMatchObject({ name: 'counter', available: true, reason: '', description });
    expect(type?.eventTypeKeys).toEqual(['counter.tick.v1']);
    const { simulationId } = await daemon.client.start({ workerType: 'counter' });
    await daemon.client.untilState(simulationId, 'RUNNING');
    await daemon.client.control(simulationId, { stop: {} });
    expect(await daemon.client.get(simulationId)).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', exitCode: 0 });
    expect(await daemon.stop()).toBe(0);
  });

  test('the plugin passes the test of the page, under the test runner of Node', async () => {
    const { exitCode, output } = await node(folder, '--test', 'counter-plugin.test.mjs');
    expect(output).toMatch(/^✔ the plugin conforms/m);
    expect(exitCode).toBe(0);
  });

  test('a plugin with the mistakes of the page is told them in one error', async () => {
    const text = await readFile(join(folder.path, 'counter-plugin.mjs'), 'utf8');
    const mistaken = text
      .replace("'pause'", "'puase'")
      .replace('acknowledges', "passEnv: ['SHOAL_SEED'], acknowledges");
    await folder.write('mistaken/counter-plugin.mjs', mistaken);
    await folder.copy('counter-plugin.test.mjs', 'mistaken/counter-plugin.test.mjs');
    const { exitCode, output } = await node(folder, '--test', 'mistaken/counter-plugin.test.mjs');
    expect(exitCode).toBe(1);
    const page = await readFile('docs/plugins.md', 'utf8');
    const [, shown = ''] = /```console\n(Error \[ConformanceError\]: .*?)```/s.exec(page) ?? [];
    // The page leaves out the rest of a list.
    const parts = shown
      .trim()
      .split(/…|\n */)
      .filter((part) => part !== '');
    expect(parts.length).toBeGreaterThan(3);
    for (const part of parts) expect(output).toContain(part);
  });

  test('the run configuration of the package is checked by its schema', async () => {
    await using daemon = await ServedDaemon.start(folder, 'counter-npm.yaml');
    const config = { fields: { labl: { stringValue: 'x' } } };
    await expect(daemon.client.start({ workerType: 'counter', config })).rejects.toThrow(/config\.labl: unknown key/);
  });

  test('the plain program runs, is heard, and completes', async () => {
    await using daemon = await ServedDaemon.start(folder, 'plain.yaml');
    const { simulationId } = await daemon.client.start({ workerType: 'greeter', simulationId: 'plain' });
    await daemon.client.untilState(simulationId, 'COMPLETED');
    const output = await daemon.client.output({ simulationId }).count(3);
    expect(output.map(({ line }) => line)).toEqual([1, 2, 3].map((n) => `${n}: hello from plain`));
  });

  test('a plain program can only be stopped', async () => {
    const plain = {
      name: 'plain',
      plugin: 'executable',
      options: { executable: 'sleep', args: ['60'], register: 'none' },
    };
    await folder.write('sleeper.yaml', JSON.stringify({ worker_types: [plain] }));
    await using daemon = await ServedDaemon.start(folder, 'sleeper.yaml');
    const { simulationId } = await daemon.client.start({ workerType: 'plain' });
    await daemon.client.untilState(simulationId, 'RUNNING');
    await expect(daemon.client.control(simulationId, { pause: {} })).rejects.toThrow(/does not support pause/);
    await daemon.client.control(simulationId, { stop: {} });
    expect((await daemon.client.get(simulationId)).state).toBe('SIMULATION_STATE_STOPPED');
  });
});

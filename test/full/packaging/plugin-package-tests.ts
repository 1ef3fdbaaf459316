import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { InstalledPackage } from './installed-package.ts';
import { PluginUser } from './plugin-user.ts';

/** Stands in for an interpreter in a virtual environment: tells its arguments, and what it has of Shoal. */
const PYTHON = '#!/bin/sh\nshift\necho "$VIRTUAL_ENV: $* for $SHOAL_SIMULATION_ID"\n';

const CONFIG = {
  worker_types: [
    { name: 'by-package', plugin: 'shoal-plugin-random-walk', options: { memory_mb: 64 } },
    { name: 'by-path', plugin: './mine/plugin.mjs' },
    { name: 'python', plugin: 'shoal-plugin-python', options: { script: 'hello.py', args: ['{simulation_id}'] } },
  ],
};

/** Shares the build with the tests of the package: two at a time would take it away from each other. */
export function testPluginPackages(installed: () => InstalledPackage): void {
  describe('plugins of third parties, installed from their tarballs beside Shoal', () => {
    let user: PluginUser;
    beforeAll(async () => {
      user = await PluginUser.with(installed());
      await user.copyExample('javascript', 'mine');
      await user.write('.venv/bin/python', PYTHON, 0o755);
      await user.write('shoal.yaml', JSON.stringify(CONFIG));
    });
    afterAll(async () => {
      await user?.[Symbol.asyncDispose]();
    });

    test.each([
      ['shoal-plugin-random-walk', 3],
      ['shoal-plugin-python', 2],
    ])('the tests that %s brings along pass', async (name, count) => {
      const told = await user.test(name);
      expect(told).toContain(`pass ${count}\n`);
      expect(told).toContain('fail 0\n');
    });

    test('`shoal config check` takes their options, and says what is wrong with them', async () => {
      const ok = await user.shoal('config', 'check', '--offline', 'shoal.yaml');
      expect(ok).toMatchObject({ exitCode: 0, stdout: 'shoal.yaml is valid\n', stderr: '' });
      const [walk, , python] = CONFIG.worker_types;
      const mistakes = {
        worker_types: [
          { ...walk, options: { memory: 64 } },
          { ...python, options: {} },
        ],
      };
      await user.write('mistakes.yaml', JSON.stringify(mistakes));
      const { exitCode, stderr } = await user.shoal('config', 'check', '--offline', 'mistakes.yaml');
      expect(exitCode).toBe(78);
      expect(stderr).toMatch(/worker_types\[0\]: .*options\.memory: unknown key; did you mean "memory_mb"\?/);
      expect(stderr).toMatch(/worker_types\[1\]: .*options: give either script or module/);
    });

    test('their workers run, named by the package and by a path', async () => {
      await using daemon = await user.serve('shoal.yaml');
      const types = await daemon.client.workerTypes();
      expect(types.map(({ name, available, reason }) => ({ name, available, reason }))).toEqual(
        CONFIG.worker_types.map(({ name }) => ({ name, available: true, reason: '' })),
      );
      for (const workerType of ['by-package', 'by-path']) {
        const config = { fields: { ticks: { numberValue: 10 }, tick_ms: { numberValue: 1 } } };
        const { simulationId } = await daemon.client.start({ workerType, config });
        const { exitCode, lastTick, eventsLogged } = await daemon.client.untilState(simulationId, 'COMPLETED');
        expect([exitCode, String(lastTick), String(eventsLogged)], workerType).toEqual([0, '10', '10']);
      }
      const { simulationId } = await daemon.client.start({ workerType: 'python', simulationId: 'hello' });
      await daemon.client.untilState(simulationId, 'COMPLETED');
      const [first] = await daemon.client.output({ simulationId }).count(1);
      expect(first?.line).toBe(`${user.path}/.venv: ${user.path}/hello.py hello for hello`);
      expect(await daemon.stop()).toBe(0);
    });
  });
}

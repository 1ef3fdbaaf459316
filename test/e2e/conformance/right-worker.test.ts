import { expect, inject, test } from 'vitest';
import { CHECKS } from '../../../src/conformance/checks/catalogue.ts';
import { brokenWorkerType } from '../../support/broken-worker/worker-type.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { shoal } from '../cli/shoal-process.ts';

test('a right worker passes every check', async () => {
  await using folder = await writeConfig({ workerTypes: [brokenWorkerType()] });
  const named = ['--type', 'right', '--config', folder.configFile, '--nats-server', inject('natsServer').path];
  const { exitCode, stdout, stderr } = await shoal(['conformance', ...named, '--report', 'json']);
  const report = JSON.parse(stdout);
  const others = report.checks.filter(({ outcome }: { outcome: string }) => outcome !== 'passed');
  expect(others, stderr).toEqual([]);
  expect(report.checks.map(({ id }: { id: string }) => id)).toEqual(CHECKS.map(({ id }) => id));
  expect(report).toMatchObject({
    worker_type: 'right',
    passed: CHECKS.length,
    failed: 0,
    not_applicable: 0,
    not_run: 0,
  });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
});

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { checkCgroups, checkProcesses, checkRunFolders } from '../../chaos/checker/check-leftovers.ts';
import { until } from '../../support/daemon/until.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shoal-leftovers-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('a process that a worker left behind, in a session of its own, is found, and not when it is gone', async () => {
  expect(checkProcesses(folder)).toEqual([]);
  const stray = spawn('sleep', ['60'], {
    detached: true,
    stdio: 'ignore',
    env: { ...process.env, SHOAL_CONFIG_FILE: join(folder, 'config.json') },
  });
  const found = await until('it is found', () => checkProcesses(folder).find((it) => it.includes('sleep 60')));
  expect(found).toBe(`process ${stray.pid} is left: sleep 60`);
  stray.kill('SIGKILL');
  await once(stray, 'exit');
  expect(checkProcesses(folder)).toEqual([]);
});

test('the files of a worker that are still there are found', () => {
  expect(checkRunFolders(folder)).toEqual([]);
  mkdirSync(join(folder, 'run', 'w-1'), { recursive: true });
  expect(checkRunFolders(folder)).toEqual([`the files of worker w-1 are left in ${join(folder, 'run')}`]);
});

test('the cgroup of a worker of this run is found, and not that of another', () => {
  for (const id of ['w-1', 'w-2']) mkdirSync(join(folder, `shoal-worker-${id}`));
  expect(checkCgroups(['w-1', 'w-3'], folder)).toEqual([`the cgroup ${join(folder, 'shoal-worker-w-1')} is left`]);
});

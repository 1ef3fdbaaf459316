import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { assertConforms, checkPlugin, formatReport } from 'shoal/plugin-testkit';
import { plugin } from './plugin.ts';

let folder: string;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'shoal-plugin-python-'));
  // A stand-in, so that these tests need no Python: the plugin starts it, and never looks inside.
  await mkdir(join(folder, '.venv', 'bin'), { recursive: true });
  await writeFile(join(folder, '.venv', 'bin', 'python'), '#!/bin/sh\n', { mode: 0o755 });
});

after(() => rm(folder, { recursive: true }));

test('the plugin conforms, for a program and for a worker', async () => {
  const refusedOptions = [
    {},
    { script: 'hello.py', module: 'hello' },
    { script: 'hello.py', args: ['{wroker_id}'] },
    { script: 'hello.py', venv: 'nowhere' },
  ];
  for (const options of [
    { script: 'hello.py', args: ['{simulation_id}'] },
    { module: 'learner', register: 'required' },
  ]) {
    await assertConforms(plugin, { options, refusedOptions, baseDirectory: folder });
  }
});

test('without a virtual environment it says how to make one', async () => {
  const report = await checkPlugin(plugin, { options: { script: 'hello.py', venv: 'none' }, baseDirectory: folder });
  assert.match(formatReport(report), /✗ describe-succeeds: .*make it with "python3 -m venv .*none"/);
});

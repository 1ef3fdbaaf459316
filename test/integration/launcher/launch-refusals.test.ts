import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchPlan } from '../../../src/ports/worker-launcher.ts';
import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

describe('a process that cannot be started is refused with the field and what to do', () => {
  let harness: ProcessHarness;
  let folder: string;
  beforeEach(() => {
    harness = new ProcessHarness();
    folder = mkdtempSync(join(tmpdir(), 'shoal-launch-'));
  });
  afterEach(async () => {
    await harness.close();
    rmSync(folder, { recursive: true });
  });

  const file = (name: string, text: string, mode: number) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    chmodSync(path, mode);
    return path;
  };

  const cases: [string, (plan: LaunchPlan) => Partial<LaunchPlan>, string, RegExp][] = [
    ['a path that does not exist', () => ({ executable: join(folder, 'none') }), 'executable', /does not exist/],
    [
      'a file that is not executable',
      () => ({ executable: file('plain', 'x', 0o644) }),
      'executable',
      /not executable; chmod \+x/,
    ],
    ['a folder as executable', () => ({ executable: folder }), 'executable', /is not a file/],
    [
      'a script whose interpreter is missing',
      () => ({ executable: file('script', '#!/no/such/interpreter\n', 0o755) }),
      'executable',
      /interpreter/,
    ],
    [
      'a name that only a file that is not executable has on PATH',
      () => ({ executable: 'named', env: { PATH: folder, X: file('named', 'x', 0o644) } }),
      'executable',
      /named.* not executable/,
    ],
    [
      'a name without a PATH to find it on',
      () => ({ executable: 'ls', env: { PATH: folder } }),
      'executable',
      /no folder of the worker's PATH/,
    ],
    ['an empty name', () => ({ executable: '' }), 'executable', /empty/],
    ['a NUL in the executable', () => ({ executable: '/bin/sh\0' }), 'executable', /NUL/],
    ['a NUL in an argument', () => ({ args: ['a', 'b\0'] }), 'args[1]', /NUL/],
    ['a NUL in a variable', () => ({ env: { A: '\0' } }), 'env.A', /NUL/],
    ['a variable without a name', () => ({ env: { 'A=B': 'c' } }), 'env', /name of a variable/],
    [
      'one argument that is too long',
      () => ({ args: ['a', 'x'.repeat(200_000)] }),
      'args[1]',
      /longer than the system takes/,
    ],
    [
      'arguments that are too long together',
      () => ({ args: Array(300).fill('x'.repeat(100_000)) }),
      'args',
      /together/,
    ],
    ['a working folder that is a file', () => ({ cwd: file('file', '', 0o644) }), 'cwd', /not a folder/],
    ['a working folder that does not exist', () => ({ cwd: join(folder, 'none') }), 'cwd', /does not exist/],
  ];

  it.each(cases)('%s', async (_, change, field, message) => {
    const plan = harness.shell('exit 0');
    const observer = new RecordingObserver();
    await expect(harness.launcher.launch({ ...plan, ...change(plan) }, observer)).rejects.toMatchObject({
      name: 'ShoalError',
      code: 'INVALID_ARGUMENT',
      message: expect.stringMatching(message),
      metadata: { field },
    });
    expect([...observer.lines, ...observer.exits]).toEqual([]);
    const healthy = new RecordingObserver();
    await harness.launcher.launch(plan, healthy);
    expect((await healthy.exit()).code).toBe(0);
  });

  it('a relative path starts at the working folder, and its folder is the worker’s', async () => {
    mkdirSync(join(folder, 'bin'));
    file('bin/here', '#!/bin/sh\npwd\n', 0o755);
    const observer = new RecordingObserver();
    await harness.launcher.launch({ ...harness.shell(''), executable: './bin/here', args: [], cwd: folder }, observer);
    await observer.exit();
    expect(observer.texts()).toEqual([folder]);
  });

  it('a name is looked up on the PATH of the plan, not of the daemon', async () => {
    file('only-here', '#!/bin/sh\necho found\n', 0o755);
    const observer = new RecordingObserver();
    await harness.launcher.launch(
      { ...harness.shell(''), executable: 'only-here', args: [], env: { PATH: `:/none:${folder}` } },
      observer,
    );
    await observer.exit();
    expect(observer.texts()).toEqual(['found']);
  });

  it('the environment is exactly the given one', async () => {
    const observer = new RecordingObserver();
    const plan = harness.program('/usr/bin/env', [], { ODD: 'a=b\tc', EMPTY: '' });
    const { NODE_V8_COVERAGE } = process.env;
    // Node hands this one on by itself.
    process.env['NODE_V8_COVERAGE'] = NODE_V8_COVERAGE ?? '/nowhere';
    await harness.launcher.launch(plan, observer);
    if (NODE_V8_COVERAGE === undefined) delete process.env['NODE_V8_COVERAGE'];
    await observer.exit();
    expect(observer.texts().sort()).toEqual(
      Object.entries(plan.env)
        .map(([name, value]) => `${name}=${value}`)
        .sort(),
    );
  });

  it('arguments arrive as they are, without a shell', async () => {
    const odd = ['$HOME', '*', 'a b', '', "'", '"', '\\', ';exit', 'ü→🐟'];
    const observer = new RecordingObserver();
    await harness.launcher.launch(harness.program('/usr/bin/printf', ['[%s]\\n', ...odd]), observer);
    await observer.exit();
    expect(observer.texts()).toEqual(odd.map((each) => `[${each}]`));
  });

  it('stdin is empty, not the daemon’s', async () => {
    const observer = new RecordingObserver();
    await harness.launcher.launch(harness.shell('cat; echo end'), observer);
    expect((await observer.exit()).code).toBe(0);
    expect(observer.texts()).toEqual(['end']);
  });
});

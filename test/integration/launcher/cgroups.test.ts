import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WorkerCgroups } from '../../../src/adapters/process/worker-cgroups.ts';
import { isRunning, ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

/** Leaves its group, and its environment has no marker: only a cgroup holds it. Prints its pid. */
const RUNAWAY = 'env -i setsid sh -c "echo runaway \\$\\$; exec sleep 300" & echo up; wait';

/** The cgroup of this process, where cgroups of its own can be made; undefined on machines that do not allow it. */
const own = (() => {
  const log = new RecordingLog();
  const list = new WorkerCgroups(log).make('w-probe');
  if (list === undefined) return undefined;
  closeSync(list);
  const found = log.lines.find(({ message }) => message === 'cgroups of workers');
  const folder = String(found?.fields['own']);
  rmdirSync(join(folder, 'shoal-worker-w-probe'));
  return folder;
})();

// Registered, not skipped: a run must have no skipped test, and which of the two a machine allows is in the report by its name.
if (own !== undefined) describe('where a daemon may make cgroups', () => madeCgroups(own));
else describe('where a daemon may not make cgroups: THE TESTS OF CGROUPS ARE LEFT OUT HERE', refusedCgroups);

function madeCgroups(own: string): void {
  let harness: ProcessHarness;
  beforeEach(() => {
    harness = new ProcessHarness();
  });
  afterEach(() => harness.close());

  test.each([
    ['a worker that is tied to its daemon', (script: string) => harness.shell(script)],
    ['a worker that outlives its daemon', (script: string) => harness.outliving(script)],
  ])('%s has one, and nothing gets out of it', async (_of, planOf) => {
    const launcher = harness.later({ cgroups: new WorkerCgroups(new RecordingLog()) });
    const observer = new RecordingObserver();
    const plan = planOf(RUNAWAY);
    const handle = await launcher.launch(plan, observer);
    const runaway = Number((await observer.line('runaway ')).slice('runaway '.length));
    const folder = join(own, `shoal-worker-${plan.workerId}`);
    expect([existsSync(folder), isRunning(runaway)]).toEqual([true, true]);
    launcher.signal(handle, 'SIGKILL');
    await observer.exit();
    await vi.waitFor(() => expect([existsSync(folder), isRunning(runaway)]).toEqual([false, false]));
  });

  test('what a worker of a daemon before left in its own is ended by the sweep', async () => {
    const observer = new RecordingObserver();
    const plan = harness.outliving(RUNAWAY);
    const first = harness.later({ cgroups: new WorkerCgroups(new RecordingLog()) });
    await first.launch(plan, observer);
    const runaway = Number((await observer.line('runaway ')).slice('runaway '.length));
    const next = harness.later({ cgroups: new WorkerCgroups(new RecordingLog()) });
    await next.sweep([plan.workerId]);
    await vi.waitFor(() => expect(isRunning(runaway)).toBe(false));
  });
}

function refusedCgroups(): void {
  test('a worker gets none', () => {
    expect(new WorkerCgroups(new RecordingLog()).make('w-1')).toBeUndefined();
  });
}

describe('without a cgroup2 of our own', () => {
  let proc: string;
  beforeEach(() => {
    proc = mkdtempSync(join(tmpdir(), 'shoal-proc-'));
    mkdirSync(join(proc, 'self'));
  });
  afterEach(() => rmSync(proc, { recursive: true }));

  test.each([
    ['cgroup v1 alone', '1:cpu:/\n', '30 1 0:1 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,cpu\n'],
    ['a mount that is not there', '0::/x\n', '30 1 0:1 / /no/such/mount rw - cgroup2 cgroup2 rw\n'],
    ['nothing to read', '', ''],
  ])('%s: a worker gets none, and nothing fails', async (_what, cgroup, mountinfo) => {
    writeFileSync(join(proc, 'self/cgroup'), cgroup);
    writeFileSync(join(proc, 'self/mountinfo'), mountinfo);
    const cgroups = new WorkerCgroups(new RecordingLog(), proc);
    expect([cgroups.make('w-1'), cgroups.kill('w-1')]).toEqual([undefined, false]);
    await cgroups.remove('w-1');
  });

  test('a folder in which cgroups cannot be ended as a whole (an old Linux) is not used', () => {
    writeFileSync(join(proc, 'self/cgroup'), '0::/\n');
    writeFileSync(join(proc, 'self/mountinfo'), `30 1 0:1 / ${proc} rw - cgroup2 cgroup2 rw\n`);
    closeSync(openSync(join(proc, 'cgroup.procs'), 'w'));
    expect(new WorkerCgroups(new RecordingLog(), proc).make('w-1')).toBeUndefined();
  });
});

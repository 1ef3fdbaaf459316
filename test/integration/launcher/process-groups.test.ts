import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchHandle } from '../../../src/ports/worker-launcher.ts';
import { isRunning, ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

const UNTIL_TOLD = 'while :; do sleep 0.02; done';

/** `setsid` takes it out of the group and `env -i` takes the worker's id away; it keeps the worker's stdout open. */
const UNFINDABLE = 'setsid env -i /bin/sh -c "echo child \\$\\$; exec sleep 300"';

describe('no process that a worker started outlives it', () => {
  let harness: ProcessHarness;
  beforeEach(() => {
    harness = new ProcessHarness();
  });
  afterEach(() => harness.close());

  const run = async (script: string, env: Record<string, string> = {}) => {
    const observer = new RecordingObserver();
    const handle = await harness.launcher.launch(harness.shell(script, env), observer);
    const pidFrom = async (prefix: string) => Number((await observer.line(prefix)).slice(prefix.length));
    return { observer, handle, pidFrom };
  };
  /** Tells the worker alone, not what it started, to go on to its end. */
  const letEnd = (handle: LaunchHandle) => process.kill(handle.data['pid'] as number, 'SIGUSR1');
  const gone = (pid: number) => vi.waitFor(() => expect(isRunning(pid)).toBe(false), { timeout: 5_000, interval: 5 });

  it('a signal reaches the grandchildren in the group', async () => {
    const { observer, handle, pidFrom } = await run(
      'sh -c "trap \'echo child heard; exit\' TERM; echo child $$; while :; do sleep 0.05; done" & trap "wait; exit 9" TERM; wait',
    );
    const child = await pidFrom('child ');
    harness.launcher.signal(handle, 'SIGTERM');
    await observer.exit();
    expect(observer.texts()).toContain('child heard');
    await gone(child);
  });

  it('SIGKILL ends the whole group', async () => {
    const { observer, handle, pidFrom } = await run('sleep 300 & echo child $!; wait');
    const child = await pidFrom('child ');
    harness.launcher.signal(handle, 'SIGKILL');
    expect((await observer.exit()).signal).toBe('SIGKILL');
    await gone(child);
  });

  it('a grandchild left behind in the group is ended after the worker exits by itself, though it ignores SIGTERM', async () => {
    const { observer, handle, pidFrom } = await run(
      `trap 'exit 0' USR1; sh -c "trap '' TERM; echo child \\$\\$; while :; do sleep 0.05; done" & ${UNTIL_TOLD}`,
    );
    const child = await pidFrom('child ');
    letEnd(handle);
    expect((await observer.exit()).code).toBe(0);
    await gone(child);
  });

  it('a grandchild that made a session of its own is found by its environment and ended', async () => {
    const { observer, handle, pidFrom } = await run('setsid sh -c "echo child \\$\\$; sleep 300; echo never" & wait');
    const child = await pidFrom('child ');
    harness.launcher.signal(handle, 'SIGKILL');
    await observer.exit();
    await gone(child);
  });

  it('a grandchild with an empty environment is ended for being in the group', async () => {
    const { observer, pidFrom } = await run('env -i /bin/sleep 300 & echo child $!; exit 0');
    const child = await pidFrom('child ');
    await observer.exit();
    await gone(child);
  });

  it('workers beside it, and their grandchildren, are left alone', async () => {
    const beside = await run('setsid sh -c "echo child \\$\\$; sleep 300" & echo up; wait');
    const besideChild = await beside.pidFrom('child ');
    const { observer, handle } = await run('echo up; sleep 300');
    await observer.line('up');
    harness.launcher.signal(handle, 'SIGKILL');
    await observer.exit();
    const third = await run('exit 0');
    await third.observer.exit();
    expect(isRunning(besideChild)).toBe(true);
    expect(beside.observer.exits).toEqual([]);
  });

  it('many workers that end at once all leave nothing behind', async () => {
    const workers = await Promise.all(
      Array.from({ length: 30 }, () => run('setsid sleep 300 & sleep 300 & echo child $!; wait')),
    );
    const children = await Promise.all(workers.map(({ pidFrom }) => pidFrom('child ')));
    for (const { handle } of workers) harness.launcher.signal(handle, 'SIGKILL');
    await Promise.all(workers.map(({ observer }) => observer.exit()));
    await Promise.all(children.map(gone));
  });

  it('a grandchild that holds the pipe does not hold the exit back', async () => {
    const { observer, handle, pidFrom } = await run(
      `trap 'echo last words; exit 5' USR1; ${UNFINDABLE} & ${UNTIL_TOLD}`,
    );
    const child = await pidFrom('child ');
    try {
      letEnd(handle);
      await observer.line('last words');
      const since = performance.now();
      expect((await observer.exit()).code).toBe(5);
      expect(performance.now() - since).toBeLessThan(2_000);
      expect(isRunning(child)).toBe(true);
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });

  it('all that a worker wrote before it exited is heard, though a grandchild holds the pipe and the daemon is busy', async () => {
    const { observer, handle, pidFrom } = await run(
      `trap 'dd if=/dev/zero bs=190000 count=1 2>/dev/null; echo; echo last words; exit 0' USR1; ${UNFINDABLE} & ${UNTIL_TOLD}`,
    );
    const child = await pidFrom('child ');
    try {
      letEnd(handle);
      while (observer.exits.length === 0) {
        const until = performance.now() + 250;
        while (performance.now() < until);
        await new Promise((resolve) => setImmediate(resolve));
      }
      expect(observer.texts().at(-1)).toBe('last words');
    } finally {
      process.kill(child, 'SIGKILL');
    }
  });

  it('stop ends what still runs and resolves when it is gone', async () => {
    const { observer, pidFrom } = await run(
      'setsid sh -c "echo escaped \\$\\$; sleep 300" & sleep 300 & echo child $!; wait',
    );
    const pids = [await pidFrom('escaped '), await pidFrom('child ')];
    await harness.launcher.stop();
    expect(observer.exits).toMatchObject([{ signal: 'SIGKILL' }]);
    for (const pid of pids) await gone(pid);
    await expect(harness.launcher.launch(harness.shell('exit 0'), new RecordingObserver())).rejects.toMatchObject({
      code: 'SHUTTING_DOWN',
    });
  });
});

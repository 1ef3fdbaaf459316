import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ProcessLauncher } from '../../../src/adapters/process/process-launcher.ts';
import { parseWorkerId } from '../../../src/domain/ids.ts';
import type { LaunchHandle } from '../../../src/ports/worker-launcher.ts';
import { isRunning, markedProcesses, ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

const HANDLES_TERM = 'trap "echo asked; sleep 0.05; exit 7" TERM; echo up; while :; do sleep 0.02; done';

describe('a worker that outlives its daemon', () => {
  let harness: ProcessHarness;
  let later: ProcessLauncher;
  beforeEach(() => {
    harness = new ProcessHarness();
    later = harness.later();
  });
  afterEach(() => harness.close());

  const launch = async (script: string, env: Record<string, string> = {}) => {
    const observer = new RecordingObserver();
    const plan = harness.outliving(script, env);
    const handle = await harness.launcher.launch(plan, observer);
    return { observer, handle, workerId: plan.workerId, pid: handle.data['pid'] as number };
  };
  /** As if the daemon had been killed: it hears nothing of the worker any more, and another one takes over. */
  const recovered = async (handle: LaunchHandle) => {
    const observer = new RecordingObserver();
    return { observer, answer: await later.recover(handle, observer) };
  };
  const texts = (observer: RecordingObserver) => observer.lines.map(({ stream, text }) => `${stream}: ${text}`);

  it.each([
    ['exit 0', { code: 0 }],
    ['exit 3', { code: 3 }],
    ['kill -SEGV $$', { signal: 'SIGSEGV' }],
    ['kill -KILL $$', { signal: 'SIGKILL' }],
  ])(
    'ends as it ends (%s), with a shell as its parent and after a daemon that saw nothing of it',
    async (end, told) => {
      const { observer, handle } = await launch(`echo out; echo err >&2; ${end}`);
      const exit = await observer.exit();
      expect(exit).toMatchObject(told);
      expect(texts(observer).sort()).toEqual(['stderr: err', 'stdout: out']);
      const next = await recovered(handle);
      expect(next.answer).toMatchObject({ fate: 'gone', exit: { ...told, endedAtMs: expect.any(Number) } });
      expect(texts(next.observer).sort()).toEqual(['stderr: err', 'stdout: out']);
    },
  );

  it.each(['SIGTERM', 'SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGUSR1', 'SIGUSR2'] as const)(
    'obeys %s, which reaches its group, and its end is known all the same',
    async (signal) => {
      const handled = await launch(HANDLES_TERM.replace('TERM', signal.slice(3)));
      await handled.observer.line('up');
      harness.launcher.signal(handled.handle, signal);
      expect(await handled.observer.exit()).toMatchObject({ code: 7 });
      const unhandled = await launch('echo up; exec sleep 300');
      await unhandled.observer.line('up');
      harness.launcher.signal(unhandled.handle, signal);
      expect(await unhandled.observer.exit()).toMatchObject({ signal });
    },
  );

  it('is taken over with all its output, obeys the next daemon, and its end is known to it', async () => {
    const { observer, handle } = await launch(`for n in 1 2 3; do echo line $n; done; ${HANDLES_TERM}`);
    await observer.line('up');
    const next = await recovered(handle);
    expect(next.answer).toEqual({ fate: 'running' });
    await next.observer.line('up');
    expect(next.observer.lines.map(({ text }) => text)).toEqual(['line 1', 'line 2', 'line 3', 'up']);
    later.signal(handle, 'SIGTERM');
    expect(await next.observer.exit()).toMatchObject({ code: 7, durationMs: expect.any(Number) });
    expect(next.observer.texts()).toContain('asked');
    expect(next.observer.exits).toHaveLength(1);
  });

  it.each<[string, (path: string) => void]>([
    ['a folder', (path) => mkdirSync(path)],
    ['a link', (path) => symlinkSync('/dev/zero', path)],
    ['a pipe', (path) => void execFileSync('mkfifo', [path])],
  ])('is taken over, and told by the next daemon, though it has put %s where its files were', async (_, spoil) => {
    const { observer, handle, workerId } = await launch(HANDLES_TERM);
    await observer.line('up');
    const replace = (name: string) => {
      const path = join(harness.folderOf(workerId), name);
      rmSync(path);
      spoil(path);
    };
    replace('stdout');
    replace('stderr');
    const next = await recovered(handle);
    expect(next.answer).toEqual({ fate: 'running' });
    replace('exit');
    later.signal(handle, 'SIGKILL');
    expect(await next.observer.exit()).toMatchObject({ signal: 'SIGKILL' });
    expect(next.observer.lines).toEqual([]);
  });

  it('leaves nothing, whatever left its group, when it is killed or has ended', async () => {
    const { observer, handle, workerId } = await launch('setsid sleep 300 & echo up; sleep 300');
    await observer.line('up');
    await vi.waitFor(() => expect(markedProcesses(workerId).length).toBeGreaterThanOrEqual(4));
    const next = await recovered(handle);
    later.signal(handle, 'SIGKILL');
    await next.observer.exit();
    await vi.waitFor(() => expect(markedProcesses(workerId)).toEqual([]));
  });

  it('goes on when its daemon is killed, its end and its output are known later, and nothing of it is left', async () => {
    const daemon = spawn(
      process.execPath,
      ['-C', 'source', new URL('../../support/launcher/launch-outliving.ts', import.meta.url).pathname],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const { handle, folder } = JSON.parse(await firstLine(daemon)) as { handle: LaunchHandle; folder: string };
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
    expect(isRunning(handle.data['pid'] as number)).toBe(true);
    writeFileSync(join(folder, 'go'), '');
    await vi.waitFor(() => expect(readFileSync(join(folder, 'exit'), 'utf8')).toBe('5\n'));
    const launcher = harness.later({ folderOf: () => folder });
    const observer = new RecordingObserver();
    expect(await launcher.recover(handle, observer)).toMatchObject({ fate: 'gone', exit: { code: 5 } });
    expect(observer.lines.map(({ text }) => text)).toEqual(['up', 'goes on']);
    expect(markedProcesses(String(handle.data['workerId']))).toEqual([]);
    rmSync(dirname(folder), { recursive: true });
  });

  it('has its parent killed without a record: nobody knows how it ended, and what was left of it is ended', async () => {
    const { observer, handle, pid, workerId } = await launch('echo up; exec sleep 300');
    await observer.line('up');
    harness.launcher.letGo();
    process.kill(pid, 'SIGKILL');
    await vi.waitFor(() => expect(isRunning(pid)).toBe(false));
    expect((await recovered(handle)).answer).toEqual({ fate: 'gone' });
    expect(markedProcesses(workerId)).toEqual([]);
  });

  it('is let go of by a daemon that never was up: it goes on, and the one after that takes it over', async () => {
    const { observer, handle, pid } = await launch('echo up; exec sleep 300');
    await observer.line('up');
    await recovered(handle);
    later.letGo();
    await later.stop();
    expect(isRunning(pid)).toBe(true);
    const third = new RecordingObserver();
    expect(await harness.later().recover(handle, third)).toEqual({ fate: 'running' });
    await third.line('up');
  });

  it('killed by a later daemon was ended by SIGKILL', async () => {
    const { observer, handle } = await launch('echo up; exec sleep 300');
    await observer.line('up');
    const next = await recovered(handle);
    later.signal(handle, 'SIGKILL');
    expect(await next.observer.exit()).toMatchObject({ signal: 'SIGKILL' });
  });

  it('that floods its output fills neither the disk nor the memory, and is heard to the end', async () => {
    const { observer, handle, workerId } = await launch(
      'head -c 40000000 /dev/zero | tr "\\0" "\\n"; echo over; exec sleep 300',
    );
    await observer.line('over');
    const file = join(harness.folderOf(workerId), 'stdout');
    await vi.waitFor(() => expect(statSync(file).size).toBeLessThan(2_000_000));
    harness.launcher.signal(handle, 'SIGKILL');
    await observer.exit();
  });

  it('gets the environment and the arguments of its plan, and no descriptor of its parent', async () => {
    const { observer } = await launch('echo "$code|$record|$1"; ls /proc/self/fd | tr "\\n" " "', {
      code: 'mine',
      record: 'as well',
    });
    await observer.exit();
    expect(observer.lines[0]?.text).toBe('mine|as well|');
    // 3 is the folder that ls reads; what the test itself was given has high numbers.
    const descriptors = observer.lines[1]?.text.trim().split(' ').map(Number);
    expect(descriptors?.filter((descriptor) => descriptor < 10)).toEqual([0, 1, 2, 3]);
  });

  it('is found by its id when its handle was not recorded, and only by the whole of it', async () => {
    const { observer, handle, workerId } = await launch('echo up; exec sleep 300');
    await observer.line('up');
    expect(await later.find(parseWorkerId(workerId.slice(0, -1)))).toBe('none');
    const found = await later.find(workerId);
    expect(found).toMatchObject({ data: { pid: handle.data['pid'], startTime: handle.data['startTime'], kept: 1 } });
    const next = await recovered(found as LaunchHandle);
    expect(next.answer).toEqual({ fate: 'running' });
    await next.observer.line('up');
    await later.sweep([parseWorkerId(`${workerId}x`)]);
    expect(isRunning(handle.data['pid'] as number)).toBe(true);
    await later.sweep([workerId]);
    expect(markedProcesses(workerId)).toEqual([]);
  });
});

async function firstLine(child: ChildProcess): Promise<string> {
  const [chunk] = await once(child.stdout as NodeJS.ReadableStream, 'data');
  return String(chunk);
}

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LaunchHandle } from '../../../src/ports/worker-launcher.ts';
import { isRunning, markedProcesses, ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';

describe('a later daemon', () => {
  let harness: ProcessHarness;
  beforeEach(() => {
    harness = new ProcessHarness();
  });
  afterEach(() => harness.close());

  const launch = async (script: string) => {
    const observer = new RecordingObserver();
    const handle = await harness.launcher.launch(harness.shell(script), observer);
    return { observer, handle, pid: handle.data['pid'] as number };
  };

  it('finds the worker of a daemon that was killed, and ends all of it', async () => {
    const script = new URL('../../support/launcher/launch-and-wait.ts', import.meta.url).pathname;
    const daemon = spawn(process.execPath, ['-C', 'source', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [chunk] = await once(daemon.stdout, 'data');
    const handle: LaunchHandle = JSON.parse(String(chunk));
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');

    const observer = new RecordingObserver();
    expect(await harness.launcher.recover(handle, observer)).toEqual({ fate: 'running' });
    const workerId = String(handle.data['workerId']);
    await vi.waitFor(() => expect(markedProcesses(workerId).length).toBeGreaterThanOrEqual(2));
    harness.launcher.signal(handle, 'SIGTERM');
    const exit = await observer.exit();
    expect(exit).not.toHaveProperty('code');
    expect(exit.durationMs).toBeGreaterThan(0);
    expect(observer.exits).toHaveLength(1);
    await harness.launcher.stop();
    expect(markedProcesses(workerId)).toEqual([]);
  });

  it('takes a reused pid for gone, and does not signal whoever has it', async () => {
    const { observer, handle, pid } = await launch('echo up; sleep 300');
    await observer.line('up');
    const earlier = {
      ...handle,
      data: { ...handle.data, startTime: Number(handle.data['startTime']) - 1, workerId: 'w-earlier' },
    };
    const later = harness.later();
    expect(await later.recover(earlier, new RecordingObserver())).toEqual({ fate: 'gone' });
    later.signal(earlier, 'SIGKILL');
    harness.launcher.signal(earlier, 'SIGKILL');
    expect(isRunning(pid)).toBe(true);
    expect(observer.exits).toEqual([]);
  });

  it('takes a handle of before the last boot for gone', async () => {
    const { observer, handle, pid } = await launch('echo up; sleep 300');
    await observer.line('up');
    const earlier = { ...handle, data: { ...handle.data, bootId: 'another-boot' } };
    expect(await harness.later().recover(earlier, new RecordingObserver())).toEqual({ fate: 'gone' });
    expect(isRunning(pid)).toBe(true);
  });

  it('ends what a worker that has gone had left running', async () => {
    const { observer, handle, pid } = await launch('echo up; sleep 300');
    await observer.line('up');
    // The worker of this handle never ran; what carries its id is what it left.
    const dead = { ...handle, data: { ...handle.data, startTime: Number(handle.data['startTime']) - 1 } };
    expect(await harness.later().recover(dead, new RecordingObserver())).toEqual({ fate: 'gone' });
    expect((await observer.exit()).signal).toBe('SIGKILL');
    expect(isRunning(pid)).toBe(false);
  });

  it('is not misled by the name of a program', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'shoal-odd-'));
    const program = join(folder, 'a) Z 1 1 (b');
    copyFileSync('/bin/sleep', program);
    try {
      const handle = await harness.launcher.launch(harness.program(program, ['300']), new RecordingObserver());
      expect(handle.data['startTime']).toBeGreaterThan(0);
      expect(await harness.later().recover(handle, new RecordingObserver())).toEqual({ fate: 'running' });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('takes a zombie for gone', async () => {
    const { observer, handle } = await launch('sleep 0.01 & echo zombie $!; exec sleep 300');
    const zombie = Number((await observer.line('zombie ')).slice('zombie '.length));
    await vi.waitFor(() => expect(isRunning(zombie)).toBe(false), { interval: 5 });
    const startTime = startTimeOf(zombie);
    const asHandle = { ...handle, data: { ...handle.data, pid: zombie, startTime, workerId: 'w-zombie' } };
    expect(await harness.later().recover(asHandle, new RecordingObserver())).toEqual({ fate: 'gone' });
  });

  it.each([{ pid: 1 }, { pid: 0 }, { pid: -5 }, { pid: 2.5 }, { pid: 'x' }, {}])(
    'says of a damaged handle (%o) that nobody knows, and signals nobody',
    async (data) => {
      const handle: LaunchHandle = {
        launcher: 'process',
        version: 1,
        data: { workerId: 'w', bootId: '', startTime: 0, ...data },
      };
      expect(await harness.launcher.recover(handle, new RecordingObserver())).toEqual({ fate: 'unknown' });
      harness.launcher.signal(handle, 'SIGKILL');
    },
  );

  it('recovering a worker of one’s own hands it to the new observer', async () => {
    const { observer, handle } = await launch('echo up; sleep 300');
    await observer.line('up');
    const next = new RecordingObserver();
    expect(await harness.launcher.recover(handle, next)).toEqual({ fate: 'running' });
    harness.launcher.signal(handle, 'SIGKILL');
    expect((await next.exit()).signal).toBe('SIGKILL');
    expect(observer.exits).toEqual([]);
  });
});

function startTimeOf(pid: number): number {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[19]);
}

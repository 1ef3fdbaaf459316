import { readFileSync } from 'node:fs';
import { expect, it, onTestFinished, vi } from 'vitest';
import { ProcessLauncher } from '../../../src/adapters/process/process-launcher.ts';
import { ProcessHarness } from '../../contract/launcher/process-harness.ts';
import { RecordingObserver } from '../../contract/launcher/recording-observer.ts';
import { RecordingLog } from '../../support/daemon/recording-log.ts';

function stateOf(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2, stat.lastIndexOf(')') + 3);
}

it('a zombie in the group of a worker that has exited is not waited for, though the group can still be signalled', async () => {
  const harness = new ProcessHarness();
  const log = new RecordingLog();
  const clock = { nowMs: () => Date.now(), monotonicMs: () => performance.now(), after: () => () => {} };
  const launcher = new ProcessLauncher({ clock, log, maxLineBytes: 1_000 });
  const observer = new RecordingObserver();
  // The child ends when its parent has become a program that never asks for it. That one leaves group and environment behind, so
  // that it outlives the worker.
  const parent =
    'sh -c "sh -c \'echo zombie \\$\\$; while ! grep -q sleep /proc/\\$PPID/comm; do sleep 0.02; done\' & echo parent \\$\\$; exec env -i /usr/bin/setsid /bin/sleep 300"';
  const handle = await launcher.launch(
    harness.shell(`trap "exit 0" USR1; ${parent} & while :; do sleep 0.05; done`),
    observer,
  );
  const pidFrom = async (name: string) => Number((await observer.line(name)).slice(name.length));
  const [zombie, keeper] = [await pidFrom('zombie '), await pidFrom('parent ')];
  onTestFinished(() => void process.kill(keeper, 'SIGKILL'));
  await vi.waitUntil(() => readFileSync(`/proc/${keeper}/comm`, 'utf8').startsWith('sleep'), { timeout: 5_000 });
  await vi.waitUntil(() => stateOf(zombie) === 'Z', { timeout: 5_000 });
  const worker = handle.data['pid'] as number;
  process.kill(worker, 'SIGUSR1');
  const began = performance.now();
  expect((await observer.exit()).code).toBe(0);
  expect(() => process.kill(-worker, 0)).not.toThrow();
  await launcher.stop();
  // To wait for it would take two seconds and end with a warning.
  expect(performance.now() - began).toBeLessThan(1_500);
  expect(log.lines).toEqual([]);
});

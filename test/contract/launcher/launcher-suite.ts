import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { LaunchPlan, WorkerLauncher } from '../../../src/ports/worker-launcher.ts';
import { RecordingObserver } from './recording-observer.ts';

/** What the suite needs of a launcher's surroundings: somewhere with a POSIX shell. */
export interface LauncherHarness {
  readonly launcher: WorkerLauncher;
  readonly maxLineBytes: number;
  /** A plan, with a worker id of its own, that runs a POSIX shell script. */
  shell(script: string, env?: Record<string, string>): LaunchPlan;
  /** A launcher as a later daemon would have it, that knows nothing of the first one's launches. */
  later(): WorkerLauncher;
  /** Ends what the test left running. */
  close(): Promise<void>;
}

/** The promises of the port {@link WorkerLauncher}, for every adapter of it. */
export function launcherSuite(name: string, open: () => Promise<LauncherHarness>): void {
  describe(`${name} keeps the promises of a launcher`, () => {
    let harness: LauncherHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const run = async (script: string, env?: Record<string, string>) => {
      const observer = new RecordingObserver();
      const handle = await harness.launcher.launch(harness.shell(script, env), observer);
      return { observer, handle };
    };

    it.each([0, 3, 78, 125])('an exit with %i is reported with its code', async (code) => {
      const { observer } = await run(`exit ${code}`);
      const exit = await observer.exit();
      expect(exit.code).toBe(code);
      expect(exit.signal).toBeUndefined();
      expect(exit.durationMs).toBeGreaterThanOrEqual(0);
    });

    it('lines of both streams are heard before the exit, each in its order', async () => {
      const { observer } = await run('for n in 1 2 3; do echo out $n; echo err $n >&2; done');
      await observer.exit();
      expect(observer.texts('stdout')).toEqual(['out 1', 'out 2', 'out 3']);
      expect(observer.texts('stderr')).toEqual(['err 1', 'err 2', 'err 3']);
      expect(observer.lines.every(({ truncated }) => !truncated)).toBe(true);
      expect(Math.abs(Date.now() - (observer.lines[0]?.timeMs ?? 0))).toBeLessThan(60_000);
    });

    it('a last line without a newline is heard', async () => {
      const { observer } = await run("printf 'first\\nlast'");
      await observer.exit();
      expect(observer.texts()).toEqual(['first', 'last']);
    });

    it('a line over the limit is cut and marked, and the next one is whole', async () => {
      const { observer } = await run(`head -c ${harness.maxLineBytes + 10} /dev/zero | tr '\\0' x; echo; echo next`);
      await observer.exit();
      expect(observer.lines.map(({ text, truncated }) => [text.length, truncated])).toEqual([
        [harness.maxLineBytes, true],
        [4, false],
      ]);
    });

    it('a worker that floods its output is never blocked', async () => {
      const { observer } = await run('head -c 5000000 /dev/zero; echo; echo done >&2');
      expect((await observer.exit()).code).toBe(0);
      expect(observer.texts('stderr')).toEqual(['done']);
    });

    it('an exit is reported once, also when signals come before and after it', async () => {
      const { observer, handle } = await run('echo up; sleep 300');
      await observer.line('up');
      harness.launcher.signal(handle, 'SIGTERM');
      harness.launcher.signal(handle, 'SIGKILL');
      await observer.exit();
      harness.launcher.signal(handle, 'SIGKILL');
      const other = await run('exit 0');
      await other.observer.exit();
      expect(observer.exits).toHaveLength(1);
    });

    it('SIGTERM reaches the worker, which may end in its own way', async () => {
      const { observer, handle } = await run("trap 'echo bye; exit 7' TERM; echo up; while :; do sleep 0.05; done");
      await observer.line('up');
      harness.launcher.signal(handle, 'SIGTERM');
      expect((await observer.exit()).code).toBe(7);
      expect(observer.texts()).toEqual(['up', 'bye']);
    });

    it('SIGKILL ends a worker that ignores SIGTERM', async () => {
      const { observer, handle } = await run("trap '' TERM; echo up; while :; do sleep 0.05; done; echo never");
      await observer.line('up');
      harness.launcher.signal(handle, 'SIGTERM');
      const patient = await run('exit 0');
      await patient.observer.exit();
      expect(observer.exits).toHaveLength(0);
      harness.launcher.signal(handle, 'SIGKILL');
      expect((await observer.exit()).signal).toBe('SIGKILL');
    });

    it('a worker gets the variables of its plan and nothing of the daemon', async () => {
      process.env['LAUNCHER_SUITE_SECRET'] = 'leaked';
      try {
        const { observer } = await run('echo "[$GIVEN][$LAUNCHER_SUITE_SECRET]"', { GIVEN: 'a=b "c"\n$d' });
        await observer.exit();
        expect(observer.texts().join('\n')).toBe('[a=b "c"\n$d][]');
      } finally {
        delete process.env['LAUNCHER_SUITE_SECRET'];
      }
    });

    it('an executable that is not there is refused, named, and nothing is heard', async () => {
      const observer = new RecordingObserver();
      const plan = { ...harness.shell('exit 0'), executable: 'no-such-program-of-shoal' };
      await expect(harness.launcher.launch(plan, observer)).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('no-such-program-of-shoal'),
        metadata: { field: 'executable' },
      });
      expect([...observer.lines, ...observer.exits]).toEqual([]);
    });

    it('a folder that is not there is refused as a folder, not as an executable', async () => {
      const plan = { ...harness.shell('exit 0'), cwd: '/no/such/folder/of/shoal' };
      await expect(harness.launcher.launch(plan, new RecordingObserver())).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        message: expect.stringContaining('/no/such/folder/of/shoal'),
        metadata: { field: 'cwd' },
      });
    });

    it('an argument with a NUL is refused by its place', async () => {
      const plan = harness.shell('exit 0');
      const broken = { ...plan, args: [...plan.args, 'a\0b'] };
      await expect(harness.launcher.launch(broken, new RecordingObserver())).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        metadata: { field: `args[${plan.args.length}]` },
      });
    });

    it('a handle is plain data: it survives JSON', async () => {
      const { observer, handle } = await run('echo up; sleep 300');
      await observer.line('up');
      harness.launcher.signal(JSON.parse(JSON.stringify(handle)), 'SIGKILL');
      expect((await observer.exit()).signal).toBe('SIGKILL');
    });

    it('a later daemon recovers a running worker, may signal it and hears its exit', async () => {
      const { observer, handle } = await run('echo up; sleep 300');
      await observer.line('up');
      const later = harness.later();
      const laterObserver = new RecordingObserver();
      const stored = JSON.parse(JSON.stringify(handle));
      expect(await later.recover(stored, laterObserver)).toEqual({ fate: 'running' });
      expect(await later.recover(stored, laterObserver)).toEqual({ fate: 'running' });
      later.signal(stored, 'SIGKILL');
      const exit = await laterObserver.exit();
      expect(exit.durationMs).toBeGreaterThanOrEqual(0);
      expect(laterObserver.exits).toHaveLength(1);
    });

    it('a later daemon learns that a worker has gone', async () => {
      const { observer, handle } = await run('exit 0');
      await observer.exit();
      const laterObserver = new RecordingObserver();
      expect(await harness.later().recover(handle, laterObserver)).toEqual({ fate: 'gone' });
      expect(laterObserver.exits).toEqual([]);
    });

    it('of the handle of another launcher, or of a later version, nobody can say', async () => {
      const { handle } = await run('sleep 300');
      for (const other of [
        { ...handle, launcher: 'elsewhere' },
        { ...handle, version: 999 },
      ]) {
        expect(await harness.later().recover(other, new RecordingObserver())).toEqual({ fate: 'unknown' });
      }
    });
  });
}

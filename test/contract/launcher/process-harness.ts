import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProcessLauncher, type ProcessLauncherOptions } from '../../../src/adapters/process/process-launcher.ts';
import { parseWorkerId } from '../../../src/domain/ids.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Log } from '../../../src/ports/log.ts';
import type { LaunchPlan } from '../../../src/ports/worker-launcher.ts';
import type { LauncherHarness } from './launcher-suite.ts';

const SILENT_LOG: Log = {
  debug() {},
  info() {},
  warn() {},
  error() {},
  child: () => SILENT_LOG,
};

const SYSTEM_CLOCK: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs).unref();
    return () => clearTimeout(timer);
  },
};

/** Real processes; `close` fails when one of them is left. */
export class ProcessHarness implements LauncherHarness {
  readonly maxLineBytes = 1_000;
  /** Made when it is first asked for. */
  #root: string | undefined;
  readonly launcher = this.#make();
  readonly #launchers: ProcessLauncher[] = [this.launcher];
  readonly #workerIds: string[] = [];

  shell(script: string, env: Record<string, string> = {}): LaunchPlan {
    return this.program('/bin/sh', ['-c', script], env);
  }

  program(executable: string, args: readonly string[], env: Record<string, string> = {}): LaunchPlan {
    const workerId = parseWorkerId(`w-${randomBytes(8).toString('hex')}`);
    this.#workerIds.push(workerId);
    return { workerId, executable, args, env: { PATH: '/usr/bin:/bin', SHOAL_WORKER_ID: workerId, ...env } };
  }

  /** A plan for a worker that outlives the daemon which launches it. */
  outliving(script: string, env: Record<string, string> = {}): LaunchPlan {
    const plan = this.shell(script, env);
    mkdirSync(this.folderOf(plan.workerId));
    return { ...plan, outlives: true };
  }

  folderOf(workerId: string): string {
    this.#root ??= mkdtempSync(join(tmpdir(), 'shoal-launcher-'));
    return join(this.#root, workerId);
  }

  later(options: Partial<ProcessLauncherOptions> = {}): ProcessLauncher {
    const launcher = this.#make(options);
    this.#launchers.push(launcher);
    return launcher;
  }

  async close(): Promise<void> {
    for (const launcher of this.#launchers) await launcher.stop();
    const left = this.#workerIds.flatMap((workerId) => markedProcesses(workerId));
    if (this.#root !== undefined) rmSync(this.#root, { recursive: true });
    if (left.length > 0) throw new Error(`processes are left: ${left.join(', ')}`);
  }

  #make(options: Partial<ProcessLauncherOptions> = {}): ProcessLauncher {
    const { maxLineBytes } = this;
    const folderOf = (workerId: string) => this.folderOf(workerId);
    return new ProcessLauncher({
      clock: SYSTEM_CLOCK,
      log: SILENT_LOG,
      maxLineBytes,
      folderOf,
      pollMs: 20,
      ...options,
    });
  }
}

/** Reads /proc by itself, so as not to trust what is under test. Zombies have no environment. */
export function markedProcesses(workerId: string): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => Number.isInteger(pid) && read(`/proc/${pid}/environ`).includes(`SHOAL_WORKER_ID=${workerId}`));
}

/** Whether the process runs; a zombie does not. */
export function isRunning(pid: number): boolean {
  const stat = read(`/proc/${pid}/stat`);
  return stat !== '' && !/^[ZX]/.test(stat.slice(stat.lastIndexOf(')') + 2));
}

function read(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}

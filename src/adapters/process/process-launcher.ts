import { type ChildProcessByStdio, spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type {
  LaunchHandle,
  LaunchObserver,
  LaunchPlan,
  OutputLine,
  WorkerExit,
  WorkerLauncher,
  WorkerSignal,
} from '../../ports/worker-launcher.ts';
import { checkPlan, spawnError } from './launch-check.ts';
import { LeftoverSweep } from './leftover-sweep.ts';
import { OutputReader } from './output-reader.ts';
import { type ProcessIdentity, toHandle, toIdentity } from './process-handle.ts';
import { ProcessTable } from './process-table.ts';
import { RecoveredProcesses } from './recovered-processes.ts';
import { signalGroup } from './signals.ts';

export interface ProcessLauncherOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A longer line of output is cut. */
  readonly maxLineBytes: number;
  /** How long an exit may be held back to read what the worker had written; default 200. */
  readonly exitBoundMs?: number;
  /** How often recovered workers are looked at; default 250. */
  readonly pollMs?: number;
  readonly table?: ProcessTable;
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

interface Running {
  readonly identity: ProcessIdentity;
  observer: LaunchObserver;
}

/**
 * Runs workers as processes of this machine, each the leader of a process group and session of its own.
 *
 * An exit is reported when the process has exited (`exit`, not `close`: a grandchild may hold the pipes), its own output has
 * been read, and what it left running has been ended; the last two within `exitBoundMs`. Needs `/proc` for `recover` and
 * for grandchildren that left the group; elsewhere (macOS) it does without them.
 */
export class ProcessLauncher implements WorkerLauncher, ManagedPart {
  readonly name = 'process launcher';
  readonly #options: ProcessLauncherOptions;
  readonly #exitBoundMs: number;
  readonly #table: ProcessTable;
  readonly #sweep: LeftoverSweep;
  readonly #recovered: RecoveredProcesses;
  readonly #children = new Map<number, Running>();
  /** Exits being dealt with: output still read, leftovers still ended. */
  readonly #endings = new Set<Promise<void>>();
  #stopping = false;

  constructor(options: ProcessLauncherOptions) {
    this.#options = options;
    this.#exitBoundMs = options.exitBoundMs ?? 200;
    this.#table = options.table ?? new ProcessTable();
    this.#sweep = new LeftoverSweep(this.#table, options.log);
    this.#recovered = new RecoveredProcesses(this.#table, options.pollMs ?? 250);
  }

  async start(): Promise<void> {
    this.#stopping = false;
  }

  /** Ends every worker that still runs, with SIGKILL, and resolves when they and all that they started are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.killAll();
    while (this.#children.size > 0 || this.#recovered.list().length > 0 || this.#endings.size > 0) {
      await Promise.race([...this.#endings, new Promise((resolve) => setTimeout(resolve, 10))]);
    }
  }

  /** The last resort of a daemon that must exit at once: synchronous, does not wait. */
  killAll(): void {
    const running = [...this.#children.values()].map(({ identity }) => identity);
    for (const identity of [...running, ...this.#recovered.list()]) this.signal(toHandle(identity), 'SIGKILL');
  }

  async launch(plan: LaunchPlan, observer: LaunchObserver): Promise<LaunchHandle> {
    const path = await checkPlan(plan);
    if (this.#stopping) throw new ShoalError('SHUTTING_DOWN', 'the daemon is stopping and launches no more workers');
    const startedMs = this.#options.clock.monotonicMs();
    const child = await spawnChild(path, plan);
    const pid = child.pid as number;
    // Before we return to the event loop the pid cannot have been reaped, however soon the process ended.
    const startTime = this.#table.find(pid)?.startTime ?? 0;
    const identity = { workerId: plan.workerId, pid, startTime, bootId: this.#table.bootId() };
    const running: Running = { identity, observer };
    this.#children.set(pid, running);
    const readers = [this.#read(child.stdout, 'stdout', running), this.#read(child.stderr, 'stderr', running)];
    child.once('exit', (code, signal) => {
      this.#children.delete(pid);
      const durationMs = Math.round(this.#options.clock.monotonicMs() - startedMs);
      this.#ended(running, readers, {
        ...(code === null ? {} : { code }),
        ...(signal === null ? {} : { signal }),
        durationMs,
      });
    });
    return toHandle(identity);
  }

  async recover(handle: LaunchHandle, observer: LaunchObserver): Promise<'running' | 'gone'> {
    const identity = toIdentity(handle);
    if (identity === undefined) return 'gone';
    const child = this.#childOf(identity);
    if (child !== undefined) {
      child.observer = observer;
      return 'running';
    }
    if (!this.#recovered.isAlive(identity)) {
      if (identity.bootId === this.#table.bootId()) await this.#sweep.end(identity, 'marked');
      return 'gone';
    }
    const entry = this.#table.find(identity.pid);
    const ageMs = entry === undefined ? 0 : this.#table.ageMs(entry);
    const sinceMs = this.#options.clock.monotonicMs();
    this.#recovered.watch(identity, () => {
      const durationMs = ageMs + Math.round(this.#options.clock.monotonicMs() - sinceMs);
      this.#ended({ identity, observer }, [], { durationMs });
    });
    return 'running';
  }

  signal(handle: LaunchHandle, signal: WorkerSignal): void {
    const identity = toIdentity(handle);
    if (identity === undefined) return;
    if (this.#childOf(identity) === undefined && !this.#recovered.isAlive(identity)) return;
    try {
      signalGroup(identity.pid, signal);
    } catch (err) {
      this.#options.log.warn({ err, workerId: identity.workerId, signal }, 'a worker could not be signalled');
    }
  }

  #childOf(identity: ProcessIdentity): Running | undefined {
    const child = this.#children.get(identity.pid);
    return child?.identity.workerId === identity.workerId ? child : undefined;
  }

  #read(stream: Readable, name: OutputLine['stream'], running: Running): OutputReader {
    return new OutputReader(stream, this.#options.maxLineBytes, (text, truncated) => {
      const line = { stream: name, text, timeMs: this.#options.clock.nowMs(), truncated };
      this.#tell(running, (observer) => observer.onOutput(line));
    });
  }

  #ended(running: Running, readers: readonly OutputReader[], exit: WorkerExit): void {
    const swept = this.#sweep.end(running.identity, 'group');
    const read = readers.map((reader) => reader.drain(this.#exitBoundMs));
    const told = Promise.all([...read, within(this.#exitBoundMs, swept)]).then(() =>
      this.#tell(running, (observer) => observer.onExit(exit)),
    );
    const ending: Promise<void> = Promise.all([told, swept]).then(() => {
      this.#endings.delete(ending);
    });
    this.#endings.add(ending);
  }

  /** An observer that throws must not end the reading of other workers. */
  #tell(running: Running, what: (observer: LaunchObserver) => void): void {
    try {
      what(running.observer);
    } catch (err) {
      this.#options.log.error({ err, workerId: running.identity.workerId }, 'an observer of a worker failed');
    }
  }
}

function spawnChild(path: string, plan: LaunchPlan): Promise<Child> {
  return new Promise((resolve, reject) => {
    try {
      const child = spawn(path, plan.args, {
        ...(plan.cwd === undefined ? {} : { cwd: plan.cwd }),
        // Node adds NODE_V8_COVERAGE of its own accord, unless the key is there.
        env: { NODE_V8_COVERAGE: undefined, ...plan.env },
        detached: true,
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.on('error', (err) => reject(spawnError(err, plan)));
      if (child.pid !== undefined) resolve(child);
    } catch (err) {
      reject(spawnError(err, plan));
    }
  });
}

async function within(boundMs: number, promise: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, boundMs);
  });
  await Promise.race([promise, bound]);
  clearTimeout(timer);
}

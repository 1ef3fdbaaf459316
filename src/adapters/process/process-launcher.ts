import type { ChildProcess } from 'node:child_process';
import type { WorkerId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type {
  LaunchHandle,
  LaunchObserver,
  LaunchPlan,
  OutputLine,
  Recovered,
  WorkerExit,
  WorkerLauncher,
  WorkerSignal,
} from '../../ports/worker-launcher.ts';
import { endOf, KeptFiles } from './kept-files.ts';
import { checkPlan, spawnError } from './launch-check.ts';
import { LeftoverSweep, MARKER_VARIABLE } from './leftover-sweep.ts';
import { toHandle, toProcess, type WorkerProcess } from './process-handle.ts';
import { type ProcessEntry, ProcessTable } from './process-table.ts';
import { RecoveredProcesses } from './recovered-processes.ts';
import { RunningWorker } from './running-worker.ts';
import { signalGroup } from './signals.ts';
import { spawnWorker } from './spawn.ts';
import type { WorkerCgroups } from './worker-cgroups.ts';
import { WorkerEndings } from './worker-endings.ts';
import { type Output, WorkerOutputs } from './worker-outputs.ts';

export interface ProcessLauncherOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** A longer line of output is cut. */
  readonly maxLineBytes: number;
  /** The private folder of a worker, for the files of one that outlives its daemon; absent: none does. */
  readonly folderOf?: (workerId: string) => string;
  /** Absent: process group and marker have to do. */
  readonly cgroups?: WorkerCgroups;
  /** How long an exit may be held back to read what the worker had written; default 200. */
  readonly exitBoundMs?: number;
  /** How often recovered workers, and files of output, are looked at; default 250. */
  readonly pollMs?: number;
  readonly table?: ProcessTable;
}

/**
 * Runs workers as processes of this machine, each the leader of a process group and session of its own; one that outlives
 * its daemon has a shell as its parent, which is the leader then (ADR 0015).
 *
 * An exit is reported when the process has exited (`exit`, not `close`: a grandchild may hold the pipes), its own output has
 * been read, and what it left running has been ended; the last two within `exitBoundMs`. Needs `/proc` for `recover` and
 * for grandchildren that left the group; elsewhere (macOS) it does without them.
 */
export class ProcessLauncher implements WorkerLauncher, ManagedPart {
  readonly name = 'process launcher';
  readonly #options: ProcessLauncherOptions;
  readonly #table: ProcessTable;
  readonly #sweep: LeftoverSweep;
  readonly #recovered: RecoveredProcesses<RunningWorker>;
  readonly #outputs: WorkerOutputs;
  readonly #children = new Map<number, RunningWorker>();
  readonly #endings: WorkerEndings;
  #leaders: ReadonlyMap<string, ProcessEntry> | undefined;
  #stopping = false;

  constructor(options: ProcessLauncherOptions) {
    const { clock, log, maxLineBytes, pollMs = 250, cgroups } = options;
    this.#options = options;
    this.#table = options.table ?? new ProcessTable();
    this.#sweep = new LeftoverSweep(this.#table, log, cgroups);
    this.#endings = new WorkerEndings(this.#sweep, options.exitBoundMs ?? 200);
    this.#recovered = new RecoveredProcesses(this.#table, pollMs, (running) => this.#recoveredEnded(running));
    this.#outputs = new WorkerOutputs({ clock, log, maxLineBytes, pollMs });
  }

  async start(): Promise<void> {
    this.#stopping = false;
  }

  /** Ends every worker that still runs, with SIGKILL, and resolves when they and all that they started are gone. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.killAll();
    while (this.#children.size > 0 || this.#recovered.list().length > 0 || this.#endings.pending.size > 0) {
      await Promise.race([...this.#endings.pending, new Promise((resolve) => setTimeout(resolve, 10))]);
    }
  }

  /** The last resort of a daemon that must exit at once: synchronous, does not wait. */
  killAll(): void {
    for (const { worker } of [...this.#children.values(), ...this.#recovered.list()]) this.#signal(worker, 'SIGKILL');
  }

  /** Forgets the recovered workers, which go on: for a daemon that ends before it was up. */
  letGo(): void {
    this.#recovered.letGo();
    this.#outputs.letGo();
  }

  async launch(plan: LaunchPlan, observer: LaunchObserver): Promise<LaunchHandle> {
    const path = await checkPlan(plan);
    if (this.#stopping) throw new ShoalError('SHUTTING_DOWN', 'the daemon is stopping and launches no more workers');
    const startedMs = this.#options.clock.monotonicMs();
    const files = plan.outlives === true ? this.#filesOf(plan.workerId) : undefined;
    const child = await spawnWorker(path, plan, files, this.#options.cgroups);
    const pid = child.pid as number;
    const worker = {
      workerId: plan.workerId,
      pid,
      // Before we return to the event loop the pid cannot have been reaped, however soon the process ended.
      startTime: this.#table.find(pid)?.startTime ?? 0,
      bootId: this.#table.bootId(),
      kept: files !== undefined,
      startedAtMs: this.#options.clock.nowMs(),
    };
    const running = new RunningWorker(worker, files, observer, this.#options.log);
    this.#children.set(pid, running);
    try {
      running.outputs = this.#read(running, child);
    } catch (thrown) {
      this.#children.delete(pid);
      void this.#sweep.end(worker, 'group');
      throw spawnError(thrown, plan);
    }
    child.once('exit', (code, signal) => {
      this.#children.delete(pid);
      const durationMs = Math.round(this.#options.clock.monotonicMs() - startedMs);
      this.#endings.begin(running, { ...exitOf(code, signal, worker.kept), durationMs });
    });
    return toHandle(worker);
  }

  async recover(handle: LaunchHandle, observer: LaunchObserver): Promise<Recovered> {
    const worker = toProcess(handle);
    if (worker === undefined || this.#table.bootId() === '') return { fate: 'unknown' };
    const known = this.#childOf(worker) ?? this.#recovered.find(worker.workerId);
    if (known !== undefined) {
      known.observer = observer;
      return { fate: 'running' };
    }
    const files = worker.kept ? this.#filesOf(worker.workerId) : undefined;
    const running = new RunningWorker(worker, files, observer, this.#options.log);
    if (files?.exist() === true) running.outputs = this.#outputsLeft(running, files);
    if (this.#recovered.isAlive(worker)) {
      this.#recovered.watch(running);
      return { fate: 'running' };
    }
    if (worker.bootId === this.#table.bootId()) await this.#sweep.end(worker, 'marked');
    await Promise.all(running.outputs.map((output) => output.drain(0)));
    const exit = files?.exit(worker.startedAtMs);
    return { fate: 'gone', ...(exit !== undefined && { exit }) };
  }

  async find(workerId: WorkerId): Promise<LaunchHandle | 'none' | 'unknown'> {
    const bootId = this.#table.bootId();
    if (bootId === '') return 'unknown';
    const leader = this.#leadersNow().get(workerId);
    if (leader === undefined) return 'none';
    const startedAtMs = this.#options.clock.nowMs() - this.#table.ageMs(leader);
    const kept = this.#filesOf(workerId)?.exist() ?? false;
    return toHandle({ workerId, pid: leader.pid, startTime: leader.startTime, bootId, kept, startedAtMs });
  }

  async sweep(workerIds: readonly WorkerId[]): Promise<void> {
    const nobody = { pid: 0, startTime: 0, bootId: this.#table.bootId() };
    await Promise.all(workerIds.map((workerId) => this.#sweep.end({ ...nobody, workerId }, 'marked')));
  }

  /** Hundreds may be looked for in one turn of the event loop: the processes are looked through once. */
  #leadersNow(): ReadonlyMap<string, ProcessEntry> {
    if (this.#leaders === undefined) {
      this.#leaders = this.#table.leadersBy(MARKER_VARIABLE);
      setImmediate(() => {
        this.#leaders = undefined;
      });
    }
    return this.#leaders;
  }

  signal(handle: LaunchHandle, signal: WorkerSignal): void {
    const worker = toProcess(handle);
    if (worker !== undefined) this.#signal(worker, signal);
  }

  #signal(worker: WorkerProcess, signal: WorkerSignal): void {
    if (this.#childOf(worker) === undefined && !this.#recovered.isAlive(worker)) return;
    if (signal === 'SIGKILL') this.#aboutToKill(worker);
    try {
      signalGroup(worker.pid, signal);
    } catch (err) {
      this.#options.log.warn({ err, workerId: worker.workerId, signal }, 'a worker could not be signalled');
    }
  }

  #aboutToKill({ workerId }: WorkerProcess): void {
    this.#options.cgroups?.kill(workerId);
    const recovered = this.#recovered.find(workerId);
    if (recovered !== undefined) recovered.isKilled = true;
  }

  #childOf(worker: WorkerProcess): RunningWorker | undefined {
    const child = this.#children.get(worker.pid);
    return child?.worker.workerId === worker.workerId ? child : undefined;
  }

  #filesOf(workerId: string): KeptFiles | undefined {
    const folder = this.#options.folderOf?.(workerId);
    return folder === undefined ? undefined : new KeptFiles(folder);
  }

  #read(running: RunningWorker, child: ChildProcess): readonly Output[] {
    const { files } = running;
    const tell = (line: OutputLine): void => running.wrote(line);
    return files === undefined ? this.#outputs.ofPipes(child, tell) : this.#outputs.ofFiles(files, tell);
  }

  /** Of a daemon before. A worker that has spoilt them is heard no more, and is one of us all the same. */
  #outputsLeft(running: RunningWorker, files: KeptFiles): readonly Output[] {
    try {
      return this.#outputs.ofFiles(files, (line) => running.wrote(line));
    } catch (err) {
      const { workerId } = running.worker;
      this.#options.log.warn({ err, workerId }, 'the output of a worker of the daemon before cannot be read');
      return [];
    }
  }

  #recoveredEnded(running: RunningWorker): void {
    const { startedAtMs } = running.worker;
    const durationMs = Math.max(0, this.#options.clock.nowMs() - startedAtMs);
    const told = running.files?.exit(startedAtMs);
    this.#endings.begin(running, told ?? { durationMs, ...(running.isKilled && { signal: 'SIGKILL' }) });
  }
}

/** @param kept the process was the worker's parent, which exits as the worker did */
function exitOf(code: number | null, signal: string | null, kept: boolean): Pick<WorkerExit, 'code' | 'signal'> {
  if (signal !== null) return { signal };
  if (code === null) return {};
  return kept ? endOf(code) : { code };
}

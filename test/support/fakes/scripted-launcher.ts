import type { WorkerId } from '../../../src/domain/ids.ts';
import type {
  LaunchHandle,
  LaunchObserver,
  LaunchPlan,
  OutputLine,
  Recovered,
  WorkerExit,
  WorkerLauncher,
  WorkerSignal,
} from '../../../src/ports/worker-launcher.ts';

/** One program that was launched, as a test plays it. */
export class ScriptedProgram {
  readonly plan: LaunchPlan;
  readonly signals: WorkerSignal[] = [];
  observer: LaunchObserver;
  #exited = false;

  constructor(plan: LaunchPlan, observer: LaunchObserver) {
    this.plan = plan;
    this.observer = observer;
  }

  get alive(): boolean {
    return !this.#exited;
  }

  write(text: string, stream: OutputLine['stream'] = 'stdout'): void {
    this.observer.onOutput({ stream, text, timeMs: 0, truncated: false });
  }

  exit(exit: Omit<WorkerExit, 'durationMs'>, durationMs = 120): void {
    if (this.#exited) return;
    this.#exited = true;
    this.observer.onExit({ ...exit, durationMs });
  }

  /** Goes without a word, as the program of a launch that fails. */
  vanish(): void {
    this.#exited = true;
  }
}

export interface LauncherScript {
  /** Before the launcher answers: resolve when it may, reject when the launch is to fail. Default: at once. */
  readonly answer?: (plan: LaunchPlan, program: ScriptedProgram) => Promise<void>;
  /** What a program does with a signal. Default: nothing. */
  readonly onSignal?: (program: ScriptedProgram, signal: WorkerSignal) => void;
  /** Default: it ends at once. */
  readonly onKill?: (program: ScriptedProgram) => void;
}

/** Launches nothing: the test says when the launcher answers, what programs write, and how they end. */
export class ScriptedLauncher implements WorkerLauncher {
  readonly programs: ScriptedProgram[] = [];
  /** What is known of workers that ended while no daemon was there. */
  readonly exits = new Map<WorkerId, WorkerExit>();
  /** Asked to be swept, in order. */
  readonly swept: WorkerId[] = [];
  canFind = true;
  script: LauncherScript = {};
  readonly #byWorker = new Map<WorkerId, ScriptedProgram>();

  async launch(plan: LaunchPlan, observer: LaunchObserver): Promise<LaunchHandle> {
    const program = new ScriptedProgram(plan, observer);
    await this.script.answer?.(plan, program);
    this.programs.push(program);
    this.#byWorker.set(plan.workerId, program);
    return { launcher: 'scripted', version: 1, data: { workerId: plan.workerId } };
  }

  /** Programs that were launched here are found again, as by a later daemon. */
  async recover(handle: LaunchHandle, observer: LaunchObserver): Promise<Recovered> {
    const workerId = handle.data['workerId'] as WorkerId;
    if (handle.launcher !== 'scripted') return { fate: 'unknown' };
    const program = this.#byWorker.get(workerId);
    const exit = this.exits.get(workerId);
    if (program?.alive !== true) return { fate: 'gone', ...(exit === undefined ? {} : { exit }) };
    program.observer = observer;
    return { fate: 'running' };
  }

  async find(workerId: WorkerId): Promise<LaunchHandle | 'none' | 'unknown'> {
    if (!this.canFind) return 'unknown';
    const alive = this.#byWorker.get(workerId)?.alive === true;
    return alive ? { launcher: 'scripted', version: 1, data: { workerId } } : 'none';
  }

  async sweep(workerIds: readonly WorkerId[]): Promise<void> {
    this.swept.push(...workerIds);
    for (const workerId of workerIds) this.#byWorker.get(workerId)?.vanish();
  }

  signal(handle: LaunchHandle, signal: WorkerSignal): void {
    const program = this.#byWorker.get(handle.data['workerId'] as WorkerId);
    if (program === undefined) throw new Error('a signal for a program that was never launched');
    if (!program.alive) return;
    program.signals.push(signal);
    const { onKill = (killed) => killed.exit({ signal: 'SIGKILL' }), onSignal } = this.script;
    if (signal === 'SIGKILL') onKill(program);
    else onSignal?.(program, signal);
  }

  of(workerId: WorkerId | undefined): ScriptedProgram {
    const program = workerId === undefined ? undefined : this.#byWorker.get(workerId);
    if (program === undefined) throw new Error(`no program of worker ${workerId} was launched`);
    return program;
  }

  get alive(): ScriptedProgram[] {
    return this.programs.filter(({ alive }) => alive);
  }
}

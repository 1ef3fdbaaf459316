import type { LaunchPlan, WorkerExit, WorkerSignal } from '../../../src/ports/worker-launcher.ts';
import type { Scheduler } from '../harness/scheduler.ts';

/** What runs in a process. */
export interface Program {
  readonly isPaused: boolean;
  /** Since when it does no more what it should, and in which way. */
  readonly trouble: { readonly kind: 'frozen' | 'stalled' | 'never registers'; readonly sinceMs: number } | undefined;
  /** The signal is not SIGKILL, which no program sees. */
  signalled(signal: WorkerSignal): void;
}

/** A worker's process on the machine. It lives on when the daemon dies, and knows nothing of it. */
export class SimulatedProcess {
  readonly pid: number;
  readonly plan: LaunchPlan;
  readonly startedAtMs: number;
  program: Program | undefined;
  /** Which life of the daemon has had a heartbeat of it; 0: none. */
  beatsHeardBy = 0;
  /** Hears of the end: the daemon that launched it, or found it again. */
  onExit: (exit: WorkerExit) => void = () => {};
  /** Called when it has gone: its sockets close. */
  readonly onGone: (() => void)[] = [];
  exit: WorkerExit | undefined;
  readonly #scheduler: Scheduler;
  #isFrozen = false;
  #missed: (() => void)[] = [];

  constructor(scheduler: Scheduler, pid: number, plan: LaunchPlan) {
    this.#scheduler = scheduler;
    this.pid = pid;
    this.plan = plan;
    this.startedAtMs = scheduler.nowMs;
  }

  get alive(): boolean {
    return this.exit === undefined;
  }

  env(name: string): string {
    return this.plan.env[name] ?? '';
  }

  get nowMs(): number {
    return this.#scheduler.nowMs;
  }

  get simulationId(): string {
    return this.env('SHOAL_SIMULATION_ID');
  }

  /** Runs `act` in the process, if it lives then; while it is stopped by SIGSTOP everything waits. */
  later(delayMs: number, act: () => void): void {
    this.#scheduler.later(delayMs, () => this.#do(act));
  }

  note(what: string, of: string): void {
    this.#scheduler.trace.note(this.plan.workerId, what, of);
  }

  sleep(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.later(delayMs, resolve));
  }

  signal(signal: WorkerSignal): void {
    if (!this.alive) return;
    this.#scheduler.trace.note(this.plan.workerId, 'gets', signal);
    if (signal === 'SIGKILL') this.end({ signal });
    else this.#do(() => this.program?.signalled(signal));
  }

  freeze(): void {
    this.#scheduler.trace.note(this.plan.workerId, 'is stopped by SIGSTOP');
    this.#isFrozen = true;
  }

  thaw(): void {
    this.#isFrozen = false;
    const missed = this.#missed;
    this.#missed = [];
    for (const act of missed) this.#do(act);
  }

  end(how: Omit<WorkerExit, 'durationMs'>): void {
    if (!this.alive) return;
    this.#scheduler.trace.note(this.plan.workerId, 'has gone', how.signal ?? `exit ${how.code}`);
    this.exit = { ...how, durationMs: this.#scheduler.nowMs - this.startedAtMs };
    for (const notice of this.onGone.splice(0)) notice();
    this.onExit(this.exit);
  }

  #do(act: () => void): void {
    if (!this.alive) return;
    if (this.#isFrozen) this.#missed.push(act);
    else act();
  }
}

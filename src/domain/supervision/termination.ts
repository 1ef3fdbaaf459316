import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { LaunchHandle, WorkerLauncher } from '../../ports/worker-launcher.ts';
import type { CommandSender } from '../command/command-sender.ts';
import type { EventId } from '../ids.ts';
import type { Worker } from './worker.ts';

export interface TerminationOptions {
  /** SIGKILL at once. */
  readonly force: boolean;
  /** How long the worker has to obey the stop command, and then the stop signal. */
  readonly graceMs: number;
  /** Of the stop command, when a caller is to recognise it. */
  readonly commandId?: EventId;
}

type Stage = 'alive' | 'asked' | 'signalled' | 'killed';

/**
 * Ends one worker: stop command, grace, stop signal, grace, SIGKILL, the signals always for its whole process group.
 * Steps that cannot work are left out: a worker that is not registered or not reached gets the signal at once.
 */
export class Termination {
  readonly #worker: Worker;
  readonly #launcher: WorkerLauncher;
  readonly #sender: CommandSender;
  readonly #clock: Clock;
  #cancel: CancelTimer = () => {};
  #wanted: TerminationOptions | undefined;
  #stage: Stage = 'alive';
  /** When the present stage is over, by the monotonic clock. */
  #stageEndsMs = Number.POSITIVE_INFINITY;

  constructor(worker: Worker, parts: { launcher: WorkerLauncher; sender: CommandSender; clock: Clock }) {
    this.#worker = worker;
    this.#launcher = parts.launcher;
    this.#sender = parts.sender;
    this.#clock = parts.clock;
  }

  /**
   * May be called again: with less patience it hurries, with as much or more it changes nothing. Before the launch has
   * answered, it is remembered: see {@link launched}.
   */
  begin(options: TerminationOptions): void {
    this.#wanted = this.#wanted === undefined ? options : lessPatient(this.#wanted, options);
    this.#proceed(this.#wanted);
  }

  /** The worker has a handle now: carry out what was asked for meanwhile. */
  launched(): void {
    if (this.#wanted !== undefined) this.#proceed(this.#wanted);
  }

  /** The worker has gone. */
  finished(): void {
    this.#cancel();
  }

  #proceed(wanted: TerminationOptions): void {
    const { handle, ended, registered, commands } = this.#worker;
    if (handle === undefined || ended || this.#stage === 'killed') return;
    if (wanted.force) this.#kill(handle);
    else if (this.#stage === 'alive') {
      if (registered && commands.has('stop')) this.#ask(handle, wanted);
      else this.#signal(handle, wanted);
    } else if (this.#clock.monotonicMs() + wanted.graceMs < this.#stageEndsMs) {
      const next = this.#stage === 'asked' ? () => this.#signal(handle, wanted) : () => this.#kill(handle);
      this.#wait(this.#stage, wanted.graceMs, next);
    }
  }

  #ask(handle: LaunchHandle, wanted: TerminationOptions): void {
    this.#wait('asked', wanted.graceMs, () => this.#signal(handle, wanted));
    const notReached = (): void => {
      if (this.#stage === 'asked' && !this.#worker.ended) this.#signal(handle, this.#wanted ?? wanted);
    };
    this.#sender.sendStop(this.#worker, wanted.graceMs, wanted.commandId).then((delivery) => {
      if (delivery !== 'delivered') notReached();
    }, notReached);
  }

  #signal(handle: LaunchHandle, { graceMs }: TerminationOptions): void {
    this.#wait('signalled', graceMs, () => this.#kill(handle));
    this.#launcher.signal(handle, this.#worker.type.config.stop.signal);
  }

  #kill(handle: LaunchHandle): void {
    this.#cancel();
    this.#stage = 'killed';
    this.#launcher.signal(handle, 'SIGKILL');
  }

  #wait(stage: Stage, graceMs: number, next: () => void): void {
    this.#cancel();
    this.#stage = stage;
    this.#stageEndsMs = this.#clock.monotonicMs() + graceMs;
    this.#cancel = this.#clock.after(graceMs, next);
  }
}

function lessPatient(a: TerminationOptions, b: TerminationOptions): TerminationOptions {
  return { ...a, force: a.force || b.force, graceMs: Math.min(a.graceMs, b.graceMs) };
}

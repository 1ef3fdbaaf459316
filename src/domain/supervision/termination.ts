import type { CancelTimer, Clock } from '../../ports/clock.ts';
import type { WorkerLauncher } from '../../ports/worker-launcher.ts';
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

  constructor(worker: Worker, parts: { launcher: WorkerLauncher; sender: CommandSender; clock: Clock }) {
    this.#worker = worker;
    this.#launcher = parts.launcher;
    this.#sender = parts.sender;
    this.#clock = parts.clock;
  }

  get begun(): boolean {
    return this.#wanted !== undefined;
  }

  /** May be called again with less patience. Before the launch has answered, it is remembered: see {@link launched}. */
  begin(options: TerminationOptions): void {
    this.#wanted = options;
    this.#cancel();
    if (this.#worker.handle === undefined || this.#worker.ended) return;
    if (options.force) this.#kill();
    else if (this.#worker.registered && this.#worker.commands.has('stop')) this.#ask(options.graceMs);
    else this.#signal(options.graceMs);
  }

  /** The worker has a handle now: carry out what was asked for meanwhile. */
  launched(): void {
    if (this.#wanted !== undefined) this.begin(this.#wanted);
  }

  /** The worker has gone. */
  finished(): void {
    this.#cancel();
  }

  #ask(graceMs: number): void {
    this.#cancel = this.#clock.after(graceMs, () => this.#signal(graceMs));
    const asked = this.#wanted;
    this.#sender.sendStop(this.#worker, graceMs, asked?.commandId).then((delivery) => {
      if (delivery === 'delivered' || this.#wanted !== asked || this.#worker.ended) return;
      this.#cancel();
      this.#signal(graceMs);
    });
  }

  #signal(graceMs: number): void {
    if (this.#worker.handle === undefined) return;
    this.#launcher.signal(this.#worker.handle, this.#worker.type.config.stop.signal);
    this.#cancel = this.#clock.after(graceMs, () => this.#kill());
  }

  #kill(): void {
    if (this.#worker.handle !== undefined) this.#launcher.signal(this.#worker.handle, 'SIGKILL');
  }
}

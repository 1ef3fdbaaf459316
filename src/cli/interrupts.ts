import { toCliError } from './cli-error.ts';
import { EXIT, type ExitCode } from './exit-code.ts';
import { tellFailure } from './note.ts';

/** Why the command is to end: a signal, or nobody reads its output any more. */
export type Interrupt = 'SIGINT' | 'SIGTERM' | 'SIGHUP' | 'EPIPE';

/** Interrupts that come as close as this are one; nobody presses a key so fast. */
const ECHO_MS = 200;

/** What a command that has something to tidy up does itself. */
export interface InterruptHandler {
  /** @param count from 1; a second one asks for haste */
  interrupted(interrupt: Interrupt, count: number): void;
  /** An error that nobody caught; may come more than once. */
  crashed(error: unknown): void;
}

/**
 * Signals and crashes on their way to the command that runs. Most commands only watch `signal`; one that takes over is
 * told of each interrupt instead, and ends by itself.
 */
export class Interrupts {
  readonly #exit: (code: ExitCode) => void;
  readonly #nowMs: () => number;
  readonly #abort = new AbortController();
  #handler: InterruptHandler | undefined;
  #first: Interrupt | undefined;
  #count = 0;
  #lastMs = 0;

  /** @param exit ends the process at once */
  constructor(exit: (code: ExitCode) => void, nowMs = () => performance.now()) {
    this.#exit = exit;
    this.#nowMs = nowMs;
  }

  /** Aborted by the first interrupt. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  /** What an interrupted command ends with; undefined when it was not interrupted, or decides that itself. */
  get exitCode(): ExitCode | undefined {
    if (this.#first === undefined || this.#handler !== undefined) return undefined;
    return this.#first === 'EPIPE' ? EXIT.done : EXIT.interrupted;
  }

  takeOver(handler: InterruptHandler): void {
    this.#handler = handler;
  }

  raise(interrupt: Interrupt): void {
    // Each write to a closed pipe fails: the first of them says it all.
    if (interrupt === 'EPIPE' && this.#first !== undefined) return;
    // A Ctrl-C under npm comes twice: from the terminal, which tells all of its foreground, and from npm, which passes it on.
    const nowMs = this.#nowMs();
    const isEcho = this.#count > 0 && nowMs - this.#lastMs < ECHO_MS;
    this.#lastMs = nowMs;
    if (isEcho) return;
    this.#first ??= interrupt;
    this.#count += 1;
    this.#abort.abort();
    if (this.#handler !== undefined) this.#handler.interrupted(interrupt, this.#count);
    else if (this.#count > 1) this.#exit(EXIT.interrupted);
  }

  crash(error: unknown): void {
    if (this.#handler !== undefined) {
      this.#handler.crashed(error);
      return;
    }
    const failure = toCliError(error);
    tellFailure(process, failure);
    this.#exit(failure.exitCode);
  }
}

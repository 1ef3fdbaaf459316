import type { LaunchHandle, LaunchPlan, OutputLine, WorkerLauncher, WorkerSignal } from '../ports/worker-launcher.ts';
import type { Observations } from './observations.ts';

/** Lines of output that are kept for quoting. */
const MAX_LINES = 200;

/** The process of one worker, with the last lines that it wrote. */
export class WorkerProcess {
  readonly #launcher: WorkerLauncher;
  readonly #record: Observations;
  readonly #lines: OutputLine[] = [];
  readonly #exited = Promise.withResolvers<void>();
  #handle: LaunchHandle | undefined;

  constructor(launcher: WorkerLauncher, record: Observations) {
    this.#launcher = launcher;
    this.#record = record;
  }

  /** @throws ShoalError when it cannot be started */
  async start(plan: LaunchPlan): Promise<void> {
    this.#handle = await this.#launcher.launch(plan, {
      onOutput: (line) => {
        this.#lines.push(line);
        if (this.#lines.length > MAX_LINES) this.#lines.shift();
      },
      onExit: (exit) => {
        this.#record.exit = { ...exit, atMs: this.#record.nowMs() };
        this.#record.note(`the worker ended ${describeExit(exit)}`);
        this.#exited.resolve();
      },
    });
  }

  signal(signal: WorkerSignal): void {
    this.#record.note(`${signal} was sent`);
    if (this.#handle !== undefined) this.#launcher.signal(this.#handle, signal);
  }

  /** Ends it and everything that it started, whatever it does. */
  async end(): Promise<void> {
    if (this.#handle === undefined) return;
    this.#launcher.signal(this.#handle, 'SIGKILL');
    await this.#exited.promise;
  }

  /** What it wrote last to stderr; to stdout, where it wrote nothing to stderr. */
  lastLines(count: number): string[] {
    const errors = this.#lines.filter(({ stream }) => stream === 'stderr');
    return (errors.length > 0 ? errors : this.#lines).slice(-count).map(({ text }) => text);
  }
}

export function describeExit({ code, signal }: { readonly code?: number; readonly signal?: string }): string {
  return signal === undefined ? `with exit code ${code ?? 'unknown'}` : `by ${signal}`;
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { until } from './daemon/until.ts';

const EXIT_TIMEOUT_MS = 120_000;

/** A program of its own beside the daemon, which is ended with the test; what it prints is read all the time. */
export class Program implements AsyncDisposable {
  readonly #child: ChildProcess;
  stdout = '';
  stderr = '';

  constructor(command: string, args: readonly string[], { cwd }: { readonly cwd?: string } = {}) {
    this.#child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.#child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
  }

  get isRunning(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  /** Waits until its stderr has this in it. */
  async said(text: string): Promise<void> {
    await until(`${this.#name} says ${text}`, () => {
      if (!this.isRunning) throw new Error(`it ended: ${this.stderr}`);
      return this.stderr.includes(text);
    });
  }

  /** Its exit code, or the signal that ended it. @throws Error with what it wrote when it goes on */
  async exited(timeoutMs = EXIT_TIMEOUT_MS): Promise<number | string | null> {
    await until(`${this.#name} ends`, () => !this.isRunning, timeoutMs).catch((error: Error) => {
      throw new Error(`${error.message}; it wrote:\n${this.stderr}`);
    });
    return this.#child.exitCode ?? this.#child.signalCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.isRunning) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  get #name(): string {
    return this.#child.spawnargs.join(' ');
  }
}

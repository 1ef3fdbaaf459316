import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { NotPrepared } from './finding.ts';

const START_MS = 30_000;
const STOP_MS = 5_000;
const LOOK_MS = 20;
/** Somebody else may have got the port for a moment. */
const RESTART_TRIES = 20;
const RESTART_MS = 200;
const TAIL_CHARS = 500;

export interface NatsServerOptions {
  readonly executable: string;
  /** For the file in which it tells its port. */
  readonly folder: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A nats-server on a port that it chooses itself, and takes again each time that it is started. */
export class NatsServerProcess {
  readonly #options: NatsServerOptions;
  #child: ChildProcess | undefined;
  #port: number | undefined;
  #output = '';

  constructor(options: NatsServerOptions) {
    this.#options = options;
  }

  /** Where it listens; once it has started. */
  get url(): string {
    return `nats://127.0.0.1:${this.#port}`;
  }

  /** Until it listens. @throws NotPrepared when it does not within 30 s, or `signal` aborts before */
  async start(signal: AbortSignal): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
    const tries = this.#port === undefined ? 1 : RESTART_TRIES;
    for (let made = 1; ; made++) {
      try {
        this.#port = await this.#launch(signal);
        return;
      } catch (err) {
        await this.stop();
        if (made === tries || signal.aborted) throw err;
        await sleep(RESTART_MS);
      }
    }
  }

  /** In order; by force when that takes longer than 5 s. */
  async stop(): Promise<void> {
    const child = this.#child;
    if (child?.pid === undefined || hasEnded(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    await exited;
    clearTimeout(timer);
  }

  /** At once: does not wait. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** @returns its port */
  async #launch(signal: AbortSignal): Promise<number> {
    const { executable, folder, environment } = this.#options;
    const args = ['-a', '127.0.0.1', '-p', String(this.#port ?? -1), '--ports_file_dir', folder];
    // A process group of its own: Ctrl-C must not end it before its worker.
    const child = spawn(executable, args, {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { PATH: environment['PATH'], HOME: environment['HOME'] },
    });
    this.#child = child;
    this.#output = '';
    let problem: string | undefined;
    child.once('error', ({ message }) => {
      problem = message;
    });
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        this.#output = (this.#output + chunk.toString()).slice(-TAIL_CHARS);
      });
    }
    const deadline = performance.now() + START_MS;
    while (problem === undefined && !hasEnded(child) && !signal.aborted && performance.now() < deadline) {
      const port = await portOf(child, folder);
      if (port !== undefined) return port;
      await sleep(LOOK_MS);
    }
    if (hasEnded(child)) problem ??= `it ended with ${child.exitCode ?? child.signalCode}`;
    problem ??= signal.aborted ? 'it was no longer wanted' : `it did not listen within ${START_MS} ms`;
    throw new NotPrepared(`${executable} did not start: ${problem}; its last words: ${this.#output.trim() || 'none'}`);
  }
}

/** It writes where it listens into a file named after its pid. */
async function portOf({ pid }: ChildProcess, folder: string): Promise<number | undefined> {
  const file = (await readdir(folder)).find((name) => name.endsWith(`_${pid}.ports`));
  const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
  const [, port] = /"nats:\/\/[^"]*:(\d+)"/.exec(text) ?? [];
  return port === undefined ? undefined : Number(port);
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

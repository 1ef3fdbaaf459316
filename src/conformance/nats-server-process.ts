import type { ChildProcess } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  endNatsServer,
  hasEnded,
  howItEnded,
  portOfNatsServer,
  spawnNatsServer,
} from '../adapters/nats/nats-server-child.ts';
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
    if (this.#child !== undefined) await endNatsServer(this.#child, STOP_MS);
  }

  /** At once: does not wait. */
  kill(): void {
    this.#child?.kill('SIGKILL');
  }

  /** @returns its port */
  async #launch(signal: AbortSignal): Promise<number> {
    const { executable, folder, environment } = this.#options;
    const args = ['-a', '127.0.0.1', '-p', String(this.#port ?? -1), '--ports_file_dir', folder];
    const child = spawnNatsServer(executable, args, { PATH: environment['PATH'], HOME: environment['HOME'] });
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
      const port = await portOfNatsServer(child, folder);
      if (port !== undefined) return port;
      await sleep(LOOK_MS);
    }
    if (hasEnded(child)) problem ??= howItEnded(child);
    problem ??= signal.aborted ? 'it was no longer wanted' : `it did not listen within ${START_MS} ms`;
    throw new NotPrepared(`${executable} did not start: ${problem}; its last words: ${this.#output.trim() || 'none'}`);
  }
}

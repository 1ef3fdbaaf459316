import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { expect } from 'vitest';
import { COMPILE_CACHE } from '../../support/compile-cache.ts';
import { until } from '../../support/daemon/until.ts';
import { hasConnection } from './processes.ts';

const PRESS_MS = 250;
const MAIN = resolve('src/main.ts');

export interface ShoalOptions {
  /** The environment, beside PATH and HOME. */
  readonly environment?: Readonly<Record<string, string>>;
  /** What it reads on stdin; default: nothing. `open`: what {@link ShoalProcess.feed} gives, without an end. */
  readonly input?: string;
  /** Flags of Node itself, before the command. */
  readonly nodeFlags?: readonly string[];
}

export interface Ended {
  readonly exitCode: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** The real command in a process of its own; what it prints is read all the time. */
export class ShoalProcess implements AsyncDisposable {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  stdout = '';
  stderr = '';

  constructor(args: readonly string[], { environment = {}, input = '', nodeFlags = [] }: ShoalOptions = {}) {
    const { PATH = '', HOME = '' } = process.env;
    this.child = spawn(process.execPath, [...nodeFlags, '-C', 'source', MAIN, ...args], {
      env: { PATH, HOME, ...COMPILE_CACHE, ...environment },
      stdio: 'pipe',
    });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.stdout += chunk.toString();
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.stderr += chunk.toString();
    });
    this.child.stdin?.on('error', () => {});
    if (input !== 'open') this.child.stdin?.end(input);
    this.ended = once(this.child, 'close').then(([exitCode, signal]) => {
      return { exitCode, signal, stdout: this.stdout, stderr: this.stderr };
    });
  }

  /** Resolves when all but what fits into the pipe has been read. */
  async feed(text: string): Promise<void> {
    await new Promise((resolve) => this.child.stdin?.write(text, resolve));
  }

  /** Waits until stdout has this in it. */
  async printed(text: string | RegExp): Promise<void> {
    await until(`${text} on stdout of ${this.child.spawnargs.join(' ')}`, () => this.#has(this.stdout, text));
  }

  /** Waits until stderr has this in it. */
  async said(text: string | RegExp): Promise<void> {
    await until(`${text} on stderr of ${this.child.spawnargs.join(' ')}`, () => this.#has(this.stderr, text));
  }

  /** Waits until it has a connection to this address. */
  async connected(address: string): Promise<void> {
    const pid = this.child.pid ?? -1;
    await until(`a connection of ${pid} to ${address}`, () => hasConnection(pid, address));
  }

  #has(output: string, text: string | RegExp): boolean {
    if (typeof text === 'string' ? output.includes(text) : text.test(output)) return true;
    if (this.child.exitCode !== null)
      throw new Error(`it exited ${this.child.exitCode}:\n${this.stdout}${this.stderr}`);
    return false;
  }

  /** Like somebody who presses Ctrl-C until it ends; presses that come too close to each other count as one. */
  async insist(signal: NodeJS.Signals): Promise<Ended> {
    const again = setInterval(() => this.child.kill(signal), PRESS_MS);
    return this.ended.finally(() => clearInterval(again));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.child.kill('SIGKILL');
    await this.ended;
  }
}

/** Runs the command to its end. */
export async function shoal(args: readonly string[], options: ShoalOptions = {}): Promise<Ended> {
  return new ShoalProcess(args, options).ended;
}

/** {@link shoal} for a command that must work. @returns what it printed */
export async function shoalDone(args: readonly string[], options: ShoalOptions = {}): Promise<string> {
  const { exitCode, stdout, stderr } = await shoal(args, options);
  const told = exitCode === 0 ? '' : stderr;
  expect({ exitCode, stderr: told }, `shoal ${args.join(' ')}`).toEqual({ exitCode: 0, stderr: '' });
  return stdout;
}

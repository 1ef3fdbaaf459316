import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DaemonClient } from '../../support/daemon/daemon-client.ts';

/** The arguments of Node for the command, from the sources. */
const FROM_SOURCES = ['-C', 'source', resolve('src/main.ts')];

/** Where the command runs. */
interface Folder {
  readonly path: string;
}

export interface Ended {
  readonly exitCode: number | null;
  readonly output: string;
}

/** Runs the command line in a folder until it ends. */
export function shoal(folder: Folder, ...args: readonly string[]): Promise<Ended> {
  return node(folder, ...FROM_SOURCES, ...args);
}

/** Runs Node in a folder until it ends. */
export async function node(folder: Folder, ...args: readonly string[]): Promise<Ended> {
  const child = spawnNode(folder, args);
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface(stream).on('line', (line) => lines.push(line));
  }
  const [exitCode] = await once(child, 'close');
  return { exitCode, output: lines.join('\n') };
}

/** `shoal serve` in a process of its own, on free ports: plugins are loaded by Node itself. */
export class ServedDaemon implements AsyncDisposable {
  readonly client: DaemonClient;
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.#child = child;
    this.client = new DaemonClient(address);
  }

  /** @param command the arguments of Node for `shoal`; default: from the sources */
  static async start(folder: Folder, config: string, command = FROM_SOURCES): Promise<ServedDaemon> {
    const settings = ['grpc.worker.listen', 'grpc.client.listen', 'http.listen'].map((key) => `${key}=127.0.0.1:0`);
    settings.push('data_dir=data', 'logging.format=json');
    const flags = settings.flatMap((setting) => ['--set', setting]);
    const child = spawnNode(folder, [...command, 'serve', '--config', config, ...flags]);
    return new ServedDaemon(child, await clientAddress(child));
  }

  /** @returns the exit code */
  async stop(): Promise<number | null> {
    this.client.close();
    if (this.#child.exitCode !== null) return this.#child.exitCode;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    const [exitCode] = await ended;
    return exitCode;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
  }
}

function spawnNode(folder: Folder, args: readonly string[]): ChildProcess {
  const { PATH = '', HOME = '' } = process.env;
  return spawn(process.execPath, args, {
    cwd: folder.path,
    env: { PATH, HOME },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** What the daemon logs once it is ready. @throws Error with what it said when it ends first */
async function clientAddress({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new Error('stderr is no pipe');
  const lines: string[] = [];
  for await (const line of createInterface(stderr)) {
    lines.push(line);
    const { msg, clients } = line.startsWith('{') ? JSON.parse(line) : {};
    if (msg !== 'ready') continue;
    // Reading goes on, or the daemon would wait for us one day.
    stderr.resume();
    return clients;
  }
  throw new Error(`the daemon ended before it was ready:\n${lines.join('\n')}`);
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { HOW_TO_GET_NATS_SERVER, lookUpNatsServer } from './nats-server-binary.ts';
import { parseServerUrls } from './server-urls.ts';
import { pause } from './timing.ts';

/** In the server's environment, with its folder as the value: so it is found again when its daemon was killed. */
export const MANAGED_BY = 'SHOAL_MANAGED_NATS';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const LOOK_MS = 20;
const RESTART_MS = 1_000;
const TAIL_LINES = 5;

export interface ManagedNatsServerOptions {
  /** `nats://host:port`, where it is to listen. */
  readonly url: string;
  /** Its configuration and its store. */
  readonly folder: string;
  /** Write through to the disk before a message is acknowledged. */
  readonly syncAlways: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Processes of this machine whose environment has {@link MANAGED_BY} with this folder. */
  readonly leftBehind: () => readonly number[];
  /** Who listens on a port. */
  readonly portHolder: (port: number) => string | undefined;
  readonly log: Log;
}

/**
 * A nats-server with JetStream as a child of the daemon: found on this machine, started before anything connects, started again
 * when it ends by itself, and ended last. One that a killed daemon left behind is ended first: two would write to one store.
 */
export class ManagedNatsServer implements ManagedPart {
  readonly name = 'managed nats-server';
  readonly #options: ManagedNatsServerOptions;
  readonly #stopping = new AbortController();
  #child: ChildProcess | undefined;
  #tail: string[] = [];

  constructor(options: ManagedNatsServerOptions) {
    this.#options = options;
  }

  /** @throws ShoalError BUS_UNAVAILABLE when there is no nats-server, or it does not start; CONFIG_INVALID for a bad NATS_SERVER_BIN */
  async start(signal: AbortSignal): Promise<void> {
    if (this.#child !== undefined) return;
    const { folder, environment, log, url } = this.#options;
    const found = lookUpNatsServer(environment);
    if (found === undefined) {
      throw new ShoalError(
        'BUS_UNAVAILABLE',
        `messaging.nats.managed: found no nats-server, by NATS_SERVER_BIN or in PATH. ${HOW_TO_GET_NATS_SERVER}`,
        { metadata: { field: 'messaging.nats.managed' } },
      );
    }
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await this.#endLeftBehind();
    const pid = await this.#launch(found.path, signal);
    log.info({ url, path: found.path, pid }, 'nats-server started');
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    const child = this.#child;
    if (child === undefined || hasEnded(child)) return;
    const exited = once(child, 'exit');
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
    await exited;
    clearTimeout(timer);
  }

  /** @returns its pid */
  async #launch(path: string, signal: AbortSignal): Promise<number | undefined> {
    const { folder, environment } = this.#options;
    const configFile = join(folder, 'nats-server.conf');
    await writeFile(configFile, this.#configuration(), { mode: 0o600 });
    const ended = AbortSignal.any([signal, this.#stopping.signal]);
    if (ended.aborted) throw new ShoalError('CANCELLED', 'stopped before nats-server was started');
    // A process group of its own: Ctrl-C must not end the server before the daemon has said goodbye.
    const child = spawn(path, ['-c', configFile], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { PATH: environment['PATH'], HOME: environment['HOME'], [MANAGED_BY]: folder },
    });
    this.#child = child;
    this.#tail = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#heard(chunk));
    const failed = new Promise<Error>((resolve) => child.once('error', resolve));
    try {
      const problem = await Promise.race([failed.then(({ message }) => message), this.#ready(child, ended)]);
      if (problem !== undefined) throw this.#notStarted(path, problem);
    } catch (thrown) {
      if (child.pid !== undefined) await killed(child);
      this.#child = undefined;
      throw thrown;
    }
    child.once('exit', (code, exitSignal) => void this.#ended(path, code, exitSignal));
    return child.pid;
  }

  #configuration(): string {
    const { folder, syncAlways, url } = this.#options;
    const sync = syncAlways ? ', sync_interval: always' : '';
    return [
      `listen: ${JSON.stringify(parseServerUrls([url]).servers[0])}`,
      `ports_file_dir: ${JSON.stringify(folder)}`,
      `jetstream { store_dir: ${JSON.stringify(join(folder, 'store'))}${sync} }`,
      '',
    ].join('\n');
  }

  /** Resolves when this very server listens, or with what hinders it: an answer at its port may be another one's. */
  async #ready(child: ChildProcess, signal: AbortSignal): Promise<string | undefined> {
    const { folder } = this.#options;
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (hasEnded(child)) return `it ended with ${child.exitCode ?? child.signalCode}`;
      const told = (await readdir(folder)).find((name) => name.endsWith(`_${child.pid}.ports`));
      if (told !== undefined) return undefined;
      await pause(LOOK_MS, signal);
    }
    return `it did not listen within ${START_TIMEOUT_MS} ms`;
  }

  async #ended(path: string, code: number | null, signal: string | null): Promise<void> {
    const { log } = this.#options;
    while (!this.#stopping.signal.aborted) {
      log.error({ code, signal, lastLines: this.#tail }, 'nats-server ended by itself; starting it again');
      try {
        await pause(RESTART_MS, this.#stopping.signal);
        const pid = await this.#launch(path, this.#stopping.signal);
        log.info({ pid }, 'nats-server started again');
        return;
      } catch (err) {
        if (!this.#stopping.signal.aborted) log.error({ err }, 'nats-server did not start again');
      }
    }
  }

  async #endLeftBehind(): Promise<void> {
    const { leftBehind, log, folder } = this.#options;
    for (const [signal, waitMs] of [
      ['SIGTERM', STOP_TIMEOUT_MS],
      ['SIGKILL', STOP_TIMEOUT_MS],
    ] as const) {
      const pids = leftBehind();
      if (pids.length === 0) break;
      log.warn({ pids, signal }, 'ending the nats-server of a daemon that was killed');
      for (const pid of pids) signalIfThere(pid, signal);
      const deadline = performance.now() + waitMs;
      while (leftBehind().length > 0 && performance.now() < deadline) await pause(LOOK_MS, this.#stopping.signal);
    }
    const stale = (await readdir(folder)).filter((name) => name.endsWith('.ports'));
    for (const name of stale) await rm(join(folder, name), { force: true });
  }

  #heard(chunk: Buffer): void {
    const lines = chunk
      .toString()
      .split('\n')
      .filter((line) => line.trim() !== '');
    this.#tail = [...this.#tail, ...lines].slice(-TAIL_LINES);
    for (const line of lines) this.#options.log.debug({ line }, 'nats-server says');
  }

  #notStarted(path: string, problem: string): ShoalError {
    const { url, portHolder } = this.#options;
    const [, port] = /:(\d+)$/.exec(parseServerUrls([url]).servers[0] ?? '') ?? [];
    const holder = portHolder(Number(port));
    const held = holder === undefined ? '' : `; its port is held by ${holder}`;
    return new ShoalError(
      'BUS_UNAVAILABLE',
      `messaging.nats.managed: ${path} did not start: ${problem}${held}; last lines: ${this.#tail.join(' | ')}`,
      { metadata: { field: 'messaging.nats.managed' } },
    );
  }
}

async function killed(child: ChildProcess): Promise<void> {
  if (hasEnded(child)) return;
  const exited = once(child, 'exit');
  child.kill('SIGKILL');
  await exited;
}

/** It may have ended since it was looked up. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null;
}

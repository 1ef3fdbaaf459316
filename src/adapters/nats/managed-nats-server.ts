import type { ChildProcess } from 'node:child_process';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import { HOW_TO_GET_NATS_SERVER, lookUpNatsServer } from './nats-server-binary.ts';
import { endNatsServer, hasEnded, howItEnded, portOfNatsServer, spawnNatsServer } from './nats-server-child.ts';
import { parseServerUrls } from './server-urls.ts';
import { pause } from './timing.ts';

/** In the server's environment, with its folder as the value: so it is found again when its daemon was killed. */
export const MANAGED_BY = 'SHOAL_MANAGED_NATS';

const START_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 5_000;
const LOOK_MS = 20;
/** Before one that ended is started again; doubled each time that it ends soon, so that a broken one does not burn the machine. */
const FIRST_RESTART_MS = 1_000;
const LAST_RESTART_MS = 30_000;
/** One that ran for so long was sound. */
const SOON_MS = 60_000;
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
  #launchedMs = 0;
  #restartMs = FIRST_RESTART_MS;
  #trouble: string | undefined;
  #restarts = 0;

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
    if (this.#child !== undefined) await endNatsServer(this.#child, STOP_TIMEOUT_MS);
  }

  /** Why it does not run now, for people. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  /** How often it was started again. */
  get restarts(): number {
    return this.#restarts;
  }

  /** Ends it, and starts it again as one that ended by itself. Nothing while it is down already. */
  async restart(reason: string): Promise<void> {
    const child = this.#child;
    if (child === undefined || hasEnded(child) || this.#stopping.signal.aborted) return;
    this.#options.log.error({ reason, pid: child.pid }, 'restarting nats-server');
    await endNatsServer(child, STOP_TIMEOUT_MS);
  }

  /** @returns its pid */
  async #launch(path: string, signal: AbortSignal): Promise<number | undefined> {
    const { folder, environment } = this.#options;
    const configFile = join(folder, 'nats-server.conf');
    await writeFile(configFile, this.#configuration(), { mode: 0o600 });
    const ended = AbortSignal.any([signal, this.#stopping.signal]);
    if (ended.aborted) throw new ShoalError('CANCELLED', 'stopped before nats-server was started');
    const child = spawnNatsServer(path, ['-c', configFile], {
      PATH: environment['PATH'],
      HOME: environment['HOME'],
      [MANAGED_BY]: folder,
    });
    this.#child = child;
    this.#launchedMs = performance.now();
    this.#tail = [];
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => this.#heard(chunk));
    const failed = new Promise<Error>((resolve) => child.once('error', resolve));
    try {
      const problem = await Promise.race([failed.then(({ message }) => message), this.#ready(child, ended)]);
      if (problem !== undefined) throw this.#notStarted(path, problem);
    } catch (thrown) {
      await endNatsServer(child, 0);
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
      if (hasEnded(child)) return howItEnded(child);
      if ((await portOfNatsServer(child, folder)) !== undefined) return undefined;
      await pause(LOOK_MS, signal);
    }
    return `it did not listen within ${START_TIMEOUT_MS} ms`;
  }

  async #ended(path: string, code: number | null, signal: string | null): Promise<void> {
    const { log } = this.#options;
    let why = `it ended with ${code ?? signal}`;
    while (!this.#stopping.signal.aborted) {
      if (performance.now() - this.#launchedMs >= SOON_MS) this.#restartMs = FIRST_RESTART_MS;
      const inMs = this.#restartMs;
      this.#restartMs = Math.min(2 * inMs, LAST_RESTART_MS);
      this.#trouble = `the managed nats-server does not run: ${why}; its last lines: ${this.#tail.join(' | ')}`;
      log.error({ code, signal, lastLines: this.#tail, inMs }, 'nats-server ended by itself; starting it again');
      try {
        await pause(inMs, this.#stopping.signal);
        const pid = await this.#launch(path, this.#stopping.signal);
        this.#restarts += 1;
        this.#trouble = undefined;
        log.info({ pid }, 'nats-server started again');
        return;
      } catch (err) {
        if (this.#stopping.signal.aborted) return;
        why = err instanceof Error ? err.message : String(err);
        log.error({ err }, 'nats-server did not start again');
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

/** It may have ended since it was looked up. */
function signalIfThere(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'ESRCH') throw thrown;
  }
}

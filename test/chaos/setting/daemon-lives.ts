import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type ChildDaemon, type LoggedLine, spawnDaemon } from '../../support/daemon/child-daemon.ts';
import type { DaemonClient } from '../../support/daemon/daemon-client.ts';
import type { ConfigFolder } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { daemonProcess, residentBytes } from './worker-processes.ts';

const SAMPLE_MS = 250;
const LAUNCH_TIMEOUT_MS = 10_000;

/** One daemon after the other over the same folder and ports. */
export class DaemonLives {
  readonly #files: ConfigFolder;
  #present: ChildDaemon | undefined;
  #ready = Promise.withResolvers<ChildDaemon>();
  readonly #logs: (readonly LoggedLine[])[] = [];
  readonly #sampling: NodeJS.Timeout;
  #peakBytes = 0;
  /** How many were killed so far. */
  kills = 0;

  constructor(files: ConfigFolder) {
    this.#files = files;
    this.#sampling = setInterval(() => {
      if (this.#present !== undefined) this.#peakBytes = Math.max(this.#peakBytes, residentBytes(this.#present.pid));
    }, SAMPLE_MS);
  }

  /** The most memory that any of them had. */
  get peakBytes(): number {
    return this.#peakBytes;
  }

  /** Of the present one; while there is none, of the next. */
  async client(): Promise<DaemonClient> {
    return (await this.#ready.promise).client;
  }

  async start(): Promise<void> {
    const daemon = await spawnDaemon({}, this.#files);
    this.#logs.push(daemon.log);
    this.#present = daemon;
    this.#ready.resolve(daemon);
  }

  /** SIGKILL, and the next one. @param againAfterMs kills the next one too, so long after its launch, ready or not */
  async killAndStart(againAfterMs?: number): Promise<void> {
    await this.#kill();
    if (againAfterMs !== undefined) {
      const next = this.start().catch(() => {});
      const pid = await until('the next daemon is launched', () => this.#process(), LAUNCH_TIMEOUT_MS);
      await delay(againAfterMs);
      this.kills += 1;
      signal(pid, 'SIGKILL');
      await next;
      await this.#forget();
    }
    await this.start();
  }

  async pause(forMs: number): Promise<void> {
    const pid = this.#present?.pid;
    if (pid === undefined) return;
    signal(pid, 'SIGSTOP');
    await delay(forMs);
    signal(pid, 'SIGCONT');
  }

  /** SIGTERM. @returns its exit code, or the signal that ended it */
  async stopInOrder(): Promise<number | string | null> {
    const daemon = await this.#ready.promise;
    daemon.kill('SIGTERM');
    const { code, signal: by } = await daemon.exited();
    await this.#forget();
    return code ?? by;
  }

  /** For a run that ends early, too. */
  async end(): Promise<void> {
    clearInterval(this.#sampling);
    await this.#present?.[Symbol.asyncDispose]();
    this.#present = undefined;
  }

  /** What all of them have logged, each line with the number of its daemon. */
  get log(): readonly LoggedLine[] {
    return this.#logs.flatMap((log, at) => log.map((line) => ({ daemon: at + 1, ...line })));
  }

  async writeLog(): Promise<void> {
    const lines = this.log.map((line) => JSON.stringify(line));
    await writeFile(join(this.#files.folder, 'daemon.log'), `${lines.join('\n')}\n`);
  }

  async #kill(): Promise<void> {
    this.kills += 1;
    this.#present?.kill('SIGKILL');
    await this.#forget();
  }

  async #forget(): Promise<void> {
    const gone = this.#present;
    this.#present = undefined;
    if (gone === undefined) return;
    this.#ready = Promise.withResolvers();
    await gone.exited();
    gone.client.close();
  }

  #process(): number | undefined {
    return daemonProcess(this.#files.configFile);
  }
}

/** The process may have ended by itself. */
function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

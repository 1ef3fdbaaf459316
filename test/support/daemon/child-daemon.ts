import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { DaemonAddresses } from '../../../src/app/daemon.ts';
import { COMPILE_CACHE } from '../compile-cache.ts';
import { DaemonClient } from './daemon-client.ts';
import { type ConfigFolder, type TestDaemonOptions, writeConfig } from './daemon-config.ts';
import { collectGarbageOf, inspectorAddress } from './inspector.ts';
import { processesMentioning } from './processes.ts';
import { until } from './until.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const START_TIMEOUT_MS = 60_000;
const EXIT_TIMEOUT_MS = 60_000;

/** One line of the daemon's log. */
export type LoggedLine = Readonly<Record<string, unknown>> & { readonly msg: string };

export interface ChildDaemon extends AsyncDisposable {
  readonly pid: number;
  readonly addresses: DaemonAddresses;
  readonly client: DaemonClient;
  /** What it has logged so far. */
  readonly log: readonly LoggedLine[];
  /** Its configuration and data; also in the environment of every worker, and of what workers start. */
  readonly folder: string;
  /** @throws Error with the last of its log when it has not ended within a minute from now */
  exited(): Promise<ExitOfDaemon>;
  kill(signal: NodeJS.Signals): void;
  metrics(): Promise<string>;
  /** Leaves in its memory only what is held by somebody. */
  collectGarbage(): Promise<void>;
  /** Status and text of /readyz. */
  readiness(): Promise<string>;
}

export interface ExitOfDaemon {
  readonly code: number | null;
  readonly signal: string | null;
}

/** Daemons that a test run which ends early would leave behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/**
 * `shoal serve` as a process of its own, from the sources; returns when it is ready.
 *
 * @param given the configuration and data of a daemon before it, in place of new ones; left to the giver
 */
export async function spawnDaemon(options: TestDaemonOptions, given?: ConfigFolder): Promise<ChildDaemon> {
  const files = given ?? (await writeConfig(options));
  // The inspector is closed until somebody asks for it, and takes a free port then.
  const args = ['--inspect-port=0', '-C', 'source', 'src/main.ts', 'serve', '--config', files.configFile];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...COMPILE_CACHE },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  running.add(child);
  child.once('exit', () => running.delete(child));
  const end = once(child, 'exit').then(([code, signal]): ExitOfDaemon => ({ code, signal }));
  const log: LoggedLine[] = [];
  const ready = Promise.withResolvers<DaemonAddresses>();
  let inspector: string | undefined;
  createInterface({ input: child.stderr }).on('line', (text) => {
    inspector ??= inspectorAddress(text);
    const line = parseLine(text);
    log.push(line);
    if (line.msg === 'ready') ready.resolve(line as unknown as DaemonAddresses);
  });
  const tooLate = setTimeout(() => ready.reject(new Error('it was not ready in time')), START_TIMEOUT_MS);
  end.then((how) => ready.reject(new Error(`it ended: ${JSON.stringify(how)}`)), ready.reject);
  const addresses = await ready.promise
    .catch(async (cause) => {
      child.kill('SIGKILL');
      if (given === undefined) await files[Symbol.asyncDispose]();
      throw new Error(`shoal serve: ${cause.message}; its log:\n${tailOf(log)}`);
    })
    .finally(() => clearTimeout(tooLate));
  const client = new DaemonClient(addresses.clients);
  const http = (path: string) => fetch(`http://${addresses.http}${path}`);
  return {
    pid: child.pid ?? 0,
    addresses,
    client,
    log,
    folder: files.folder,
    async exited() {
      const isOver = () => (running.has(child) ? undefined : end);
      return await until('the daemon ends', isOver, EXIT_TIMEOUT_MS).catch((error: Error) => {
        throw new Error(`${error.message}; its log:\n${tailOf(log)}`);
      });
    },
    kill: (signal) => void child.kill(signal),
    metrics: async () => (await http('/metrics')).text(),
    collectGarbage: async () => {
      child.kill('SIGUSR1');
      await collectGarbageOf(await until('the inspector is open', () => inspector));
    },
    readiness: async () => {
      const response = await http('/readyz');
      return `${response.status} ${(await response.text()).trim()}`;
    },
    async [Symbol.asyncDispose]() {
      client.close();
      const over = () => !running.has(child);
      child.kill('SIGTERM');
      // Nobody waits for the graces of a test's workers: a second signal is for haste.
      await until('the daemon ends', over, 1_000).catch(() => child.kill('SIGTERM'));
      await until('the daemon ends', over).catch(() => child.kill('SIGKILL'));
      for (const pid of processesMentioning(files.folder)) process.kill(pid, 'SIGKILL');
      if (given === undefined) await files[Symbol.asyncDispose]();
    },
  };
}

function tailOf(log: readonly LoggedLine[]): string {
  return log
    .slice(-60)
    .map((line) => JSON.stringify(line))
    .join('\n');
}

function parseLine(text: string): LoggedLine {
  try {
    return JSON.parse(text);
  } catch {
    return { msg: text };
  }
}

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { inject } from 'vitest';
import { until } from './daemon/until.ts';

export interface NatsServerOptions {
  /** Default true. */
  readonly jetstream?: boolean;
  /** Default: a free one. */
  readonly port?: number;
  /** Default: the one that vitest's setup found; needed outside of vitest. */
  readonly program?: string;
  /** Lines of a nats-server configuration file, beside what the other options say. */
  readonly config?: string;
  /** Where it keeps its streams; default: a folder of its own, which is removed with it. */
  readonly storeDir?: string;
}

export interface RunningNatsServer {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Starts again on the same port, with the same data unless it is to be `empty`; stops it first where it runs. */
  restart(changed?: { readonly jetstream?: boolean; readonly empty?: boolean }): Promise<void>;
  /** Gives it another configuration file while it runs; returns when it says that it has taken it. */
  reload(config: string): Promise<void>;
  /** Lets it shut down in order. */
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
  /** Makes it deaf and mute, with its connections open, as a machine that hangs; returns when it is. Linux only. */
  pause(): Promise<void>;
  resume(): void;
  /** Stops it and removes its data. */
  [Symbol.asyncDispose](): Promise<void>;
}

const START_TIMEOUT_MS = 15_000;
const RELOADED = 'Reloaded server configuration';

/** Children that a test run which ends early would leave behind. */
const running = new Set<ChildProcess>();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** Starts a server of its own, in a temporary folder of its own, and returns when it accepts connections. */
export async function startNatsServer(options: NatsServerOptions = {}): Promise<RunningNatsServer> {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-nats-'));
  const configFile = join(folder, 'nats.conf');
  const program = options.program ?? inject('natsServer').path;
  const fixed = ['-a', '127.0.0.1', '--ports_file_dir', folder, '-c', configFile];

  let jetstream = options.jetstream ?? true;
  let port = options.port ?? -1;
  let output = '';
  let config = options.config ?? '';
  const storeDir = options.storeDir ?? join(folder, 'data');
  let child = await launch();

  /** A server of 2.9 forgets at a reload what only its arguments say of JetStream. */
  async function writeConfig(): Promise<void> {
    const storing = jetstream && !saysJetStream(config) ? `\njetstream { store_dir: "${storeDir}" }` : '';
    await writeFile(configFile, `${config}${storing}\n`);
  }

  async function launch(): Promise<ChildProcess> {
    const storing = jetstream && saysJetStream(config) ? ['-js', '-sd', storeDir] : [];
    await writeConfig();
    const args = [...fixed, ...storing, '-p', String(port)];
    const launched = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    running.add(launched);
    launched.once('exit', () => running.delete(launched));
    output = '';
    for (const stream of [launched.stdout, launched.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        output = (output + chunk.toString()).slice(-4_000);
      });
    }
    port = await portOf(launched, folder, () => output);
    return launched;
  }

  async function end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill(signal);
    await exited;
  }

  return {
    get url() {
      return `nats://127.0.0.1:${port}`;
    },
    get port() {
      return port;
    },
    get pid() {
      return child.pid ?? -1;
    },
    async restart(changed) {
      jetstream = changed?.jetstream ?? jetstream;
      await end('SIGTERM');
      if (changed?.empty === true) await rm(storeDir, { recursive: true, force: true });
      child = await launch();
    },
    async reload(changed) {
      config = changed;
      await writeConfig();
      const before = output.split(RELOADED).length;
      child.kill('SIGHUP');
      await until('the server has reloaded', () => output.split(RELOADED).length > before);
    },
    stop: () => end('SIGTERM'),
    kill: () => end('SIGKILL'),
    async pause() {
      child.kill('SIGSTOP');
      while (!(await isPaused(child))) await delay(1);
    },
    resume() {
      child.kill('SIGCONT');
    },
    async [Symbol.asyncDispose]() {
      await end('SIGKILL');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

function saysJetStream(config: string): boolean {
  return /^\s*jetstream\b/m.test(config);
}

/** The server writes the ports it took into a file named after its pid once it listens. */
async function portOf(child: ChildProcess, folder: string, output: () => string): Promise<number> {
  const deadline = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < deadline) {
    if (child.exitCode !== null) throw new Error(`nats-server exited with ${child.exitCode}: ${output()}`);
    const file = (await readdir(folder)).find((name) => name.endsWith(`_${child.pid}.ports`));
    const text = file === undefined ? '' : await readFile(join(folder, file), 'utf8');
    const port = /"(?:nats|tls):\/\/[^"]*:(\d+)"/.exec(text)?.[1];
    if (port !== undefined) return Number(port);
    await delay(10);
  }
  child.kill('SIGKILL');
  throw new Error(`nats-server did not listen within ${START_TIMEOUT_MS} ms: ${output()}`);
}

/** The signal stops the threads one by one, some time after it was sent. */
async function isPaused({ pid }: ChildProcess): Promise<boolean> {
  const threads = await readdir(`/proc/${pid}/task`);
  const states = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/stat`, 'utf8')));
  return states.every((stat) => stat.slice(stat.lastIndexOf(')') + 2).startsWith('T'));
}

import type { ChildProcess } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { endChild, startChild } from './child.ts';
import { ShoalClient } from './shoal-client.ts';
import { makeTempFolder } from './temp-folder.ts';

export interface ShoalDaemonOptions {
  /** Absent: the memory adapter. */
  readonly natsUrl?: string;
  /** Where to write a CPU profile when it ends. */
  readonly cpuProfileDir?: string;
  /** The program of the worker type `rust-worker`; absent: there is no such type. */
  readonly rustWorker?: string;
}

export interface ShoalDaemon extends AsyncDisposable {
  readonly client: ShoalClient;
  /** User and system time that it has used so far. */
  cpuSeconds(): Promise<number>;
  /** As they are now. @returns a function that tells one by its name */
  metrics(): Promise<(name: string) => number>;
}

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));
const LOAD_WORKER = fileURLToPath(new URL('../workers/load-worker.ts', import.meta.url));
const COMMAND_WORKER = fileURLToPath(new URL('../workers/command-worker.ts', import.meta.url));

/** `shoal serve` as a user starts it, on free ports, with the bench's worker types and defaults for everything else. */
export async function startShoal({ natsUrl, cpuProfileDir, rustWorker }: ShoalDaemonOptions): Promise<ShoalDaemon> {
  const folder = makeTempFolder();
  const configFile = join(folder, 'shoal.json');
  await writeFile(configFile, JSON.stringify(configuration(join(folder, 'data'), natsUrl, rustWorker), null, 2));
  const profiling = cpuProfileDir === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${cpuProfileDir}`];
  const child = startChild(process.execPath, {
    args: [...profiling, '-C', 'source', MAIN, 'serve', '--config', configFile],
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const { clients, http } = await untilReady(child);
  const client = new ShoalClient(clients);
  const metrics = async (): Promise<(name: string) => number> => {
    const text = await (await fetch(`http://${http}/metrics`)).text();
    return (name) => metric(text, name);
  };
  return {
    client,
    cpuSeconds: async () => (await metrics())('shoal_process_cpu_seconds_total'),
    metrics,
    async [Symbol.asyncDispose]() {
      client.close();
      await endChild(child, 20_000);
    },
  };
}

function configuration(dataDir: string, natsUrl?: string, rustWorker?: string): object {
  const messaging = natsUrl === undefined ? { adapter: 'memory' } : { adapter: 'nats', nats: { urls: [natsUrl] } };
  const limits = { max_workers: 600, register_timeout: '60s' };
  const stop = { grace: '1s' };
  const events = [
    { key: 'bench.logged.v1', log: true },
    { key: 'bench.unlogged.v1', log: false },
    { key: 'flood.event.v1', log: false },
  ];
  const workerType = (name: string, program: object, transport: string) => ({
    name,
    plugin: 'executable',
    options: { ...program, events },
    limits,
    stop,
    command_transport: transport,
  });
  const inNode = (file: string) => ({ executable: process.execPath, args: ['-C', 'source', file] });
  return {
    data_dir: dataDir,
    grpc: { worker: { listen: '127.0.0.1:0' }, client: { listen: '127.0.0.1:0' } },
    http: { listen: '127.0.0.1:0' },
    messaging,
    // So that all that the daemon publishes are events: they are counted.
    registry: { store: 'local' },
    worker_types: [
      workerType('load', inNode(LOAD_WORKER), 'grpc'),
      workerType('obeys-stream', inNode(COMMAND_WORKER), 'grpc'),
      workerType('obeys-subject', inNode(COMMAND_WORKER), 'auto'),
      ...(rustWorker === undefined
        ? []
        : [
            workerType('rust-worker', { executable: rustWorker }, 'grpc'),
            workerType('rust-stream', { executable: rustWorker }, 'grpc'),
            workerType('rust-subject', { executable: rustWorker }, 'auto'),
          ]),
    ],
    logging: { level: 'info', format: 'json' },
  };
}

/** The log says which ports were taken. @throws Error with the end of the log when it does not get ready */
function untilReady(child: ChildProcess): Promise<{ readonly clients: string; readonly http: string }> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    const { stderr } = child;
    if (stderr === null) throw new Error('the log is not piped');
    createInterface(stderr).on('line', (line) => {
      lines.push(line);
      lines.splice(0, lines.length - 20);
      if (!line.includes('"msg":"ready"')) return;
      const { clients, http } = JSON.parse(line) as { clients: string; http: string };
      resolve({ clients, http });
    });
    child.once('exit', (code) => reject(new Error(`shoal serve exited with ${code}:\n${lines.join('\n')}`)));
  });
}

function metric(text: string, name: string): number {
  const value = Number(new RegExp(`^${name} (\\S+)`, 'm').exec(text)?.[1]);
  if (Number.isNaN(value)) throw new Error(`/metrics has no ${name}`);
  return value;
}

import type { AnyPlugin } from '../adapters/plugins/any-plugin.ts';
import { PluginLoader } from '../adapters/plugins/plugin-loader.ts';
import { WorkerTypeFactory } from '../adapters/plugins/worker-type-factory.ts';
import { NEVER_RESTARTED } from '../domain/supervision/never-restarted.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { Log } from '../ports/log.ts';
import type { Trial } from './trial.ts';

const ENDPOINTS = {
  grpcAddress: () => '127.0.0.1:50051',
  natsUrls: ['nats://127.0.0.1:4222'],
  orphanTimeoutMs: 30_000,
};

/** What the plugin has to say while it is tried is not what was asked for. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

/** Makes a worker type of a plugin as the daemon does when it starts. @throws PluginProblem */
export function makeWorkerType(
  plugin: AnyPlugin,
  options: Readonly<Record<string, unknown>>,
  { baseDirectory, environment, hookTimeoutMs }: Required<Trial>,
): Promise<WorkerType> {
  const { name } = plugin;
  const loader = new PluginLoader({ builtIns: new Map([[name, plugin]]), baseDirectory, hookTimeoutMs });
  const surroundings = { endpoints: ENDPOINTS, hostEnvironment: environment, baseDirectory, hookTimeoutMs };
  return new WorkerTypeFactory(loader, [], surroundings, SILENT).make({
    name: 'under-test',
    plugin: name,
    options,
    limits: { maxWorkers: 1, registerTimeoutMs: 10_000, stallTimeoutMs: 0 },
    restart: NEVER_RESTARTED,
    orphans: 'end',
    stop: { graceMs: 5_000, signal: 'SIGTERM' },
    commandTransport: 'auto',
  });
}

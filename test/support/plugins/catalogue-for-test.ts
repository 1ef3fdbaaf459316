import { executable } from '../../../plugins/executable/executable.ts';
import type { AnyPlugin } from '../../../src/adapters/plugins/any-plugin.ts';
import { PluginCatalogue, type PluginCatalogueOptions } from '../../../src/adapters/plugins/plugin-catalogue.ts';
import type { WorkerTypeConfig } from '../../../src/domain/configuration.ts';
import { parseSimulationId, parseWorkerId } from '../../../src/domain/ids.ts';
import { NEVER_RESTARTED } from '../../../src/domain/supervision/never-restarted.ts';
import type { WorkerLaunch, WorkerType } from '../../../src/domain/worker-type.ts';
import {
  type JsonSchema,
  PLUGIN_API_VERSION,
  type WorkerTypeDescriptor,
  type WorkerTypePlugin,
} from '../../../src/plugin/plugin.ts';
import type { Log, LogFields } from '../../../src/ports/log.ts';

export const SIGNAL = new AbortController().signal;

export function workerTypeConfig(
  plugin: string,
  options: Record<string, unknown> = {},
  name = 'fish',
): WorkerTypeConfig {
  return {
    name,
    plugin,
    options,
    limits: { maxWorkers: 1, registerTimeoutMs: 1_000, stallTimeoutMs: 0 },
    restart: NEVER_RESTARTED,
    orphans: 'end',
    stop: { graceMs: 1_000, signal: 'SIGTERM' },
    commandTransport: 'auto',
  };
}

export function catalogueOf(
  workerTypes: readonly WorkerTypeConfig[],
  more: Partial<PluginCatalogueOptions> = {},
): PluginCatalogue {
  return new PluginCatalogue({
    workerTypes,
    routingRules: [],
    baseDirectory: '/base',
    builtIns: new Map([['executable', executable]]),
    endpoints: { grpcAddress: () => '127.0.0.1:50051', natsUrls: ['nats://a', 'nats://b'], orphanTimeoutMs: 30_000 },
    hostEnvironment: { PATH: '/bin', HOME: '/home/shoal' },
    log: new MemoryLog(),
    ...more,
  });
}

/** The one worker type of a catalogue in which `plugin` is built in. */
export async function typeOf(
  plugin: unknown,
  options: Record<string, unknown> = {},
  more: Partial<PluginCatalogueOptions> = {},
): Promise<WorkerType> {
  const builtIns = new Map([['under-test', plugin as AnyPlugin]]);
  const catalogue = catalogueOf([workerTypeConfig('under-test', options)], { builtIns, ...more });
  await catalogue.start(SIGNAL);
  return catalogue.list()[0] as WorkerType;
}

export function executableType(
  options: Record<string, unknown>,
  more: Partial<PluginCatalogueOptions> = {},
): Promise<WorkerType> {
  return typeOf(executable, options, more);
}

/** Why the type is unavailable; empty when it is available. */
export function reasonOf({ availability }: WorkerType): string {
  return availability.available ? '' : availability.reason;
}

/** A plugin that does nothing special, with what a test wants to be different. */
export function plainPlugin(
  plugin: Partial<Record<keyof WorkerTypePlugin, unknown>> = {},
  descriptor: Partial<Record<keyof WorkerTypeDescriptor, unknown>> & Record<string, unknown> = {},
): unknown {
  return {
    apiVersion: PLUGIN_API_VERSION,
    name: 'plain',
    description: 'for tests',
    optionsSchema: {} satisfies JsonSchema,
    describe: () => ({
      description: 'for tests',
      events: [],
      commands: [],
      acknowledges: true,
      registers: true,
      launch: () => ({ executable: 'true' }),
      ...descriptor,
    }),
    ...plugin,
  };
}

export function launchOf(more: Partial<WorkerLaunch> = {}): WorkerLaunch {
  return {
    workerId: parseWorkerId('w1'),
    simulationId: parseSimulationId('s1'),
    incarnation: 2,
    token: 'secret',
    seed: 18446744073709551615n,
    files: { configFile: '/run/w1/config.json', snapshotDir: '/run/w1/snapshots' },
    configContentType: 'application/json',
    commandTransport: 'nats',
    ...more,
  };
}

/** Keeps what is logged. */
export class MemoryLog implements Log {
  readonly entries: { readonly level: string; readonly fields: LogFields; readonly message: string }[] = [];
  debug = this.#level('debug');
  info = this.#level('info');
  warn = this.#level('warn');
  error = this.#level('error');

  child(): Log {
    return this;
  }

  #level(level: string): (fields: LogFields, message: string) => void {
    return (fields, message) => this.entries.push({ level, fields, message });
  }
}

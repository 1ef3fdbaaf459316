import { PluginCatalogue } from '../adapters/plugins/plugin-catalogue.ts';
import type { ConfigProblem } from '../adapters/yaml/config-problem.ts';
import type { LoadedConfig } from '../adapters/yaml/load-config.ts';
import type { Log } from '../ports/log.ts';
import { builtInPlugins } from './built-in-plugins.ts';

/** What the plugins find wrong with the worker types of a configuration; loads them as the daemon does, and launches nothing. */
export async function workerTypeProblems(
  loaded: LoadedConfig,
  hostEnvironment: Readonly<Record<string, string | undefined>>,
): Promise<ConfigProblem[]> {
  const { workerTypes, routing, baseDirectory } = loaded.config;
  const catalogue = new PluginCatalogue({
    workerTypes,
    routingRules: routing.rules,
    baseDirectory,
    builtIns: builtInPlugins,
    endpoints: { grpcAddress: () => '', natsUrls: [], orphanTimeoutMs: 0 },
    hostEnvironment,
    log: SILENT,
  });
  await catalogue.start(new AbortController().signal);
  return catalogue
    .list()
    .flatMap(({ availability }, index) =>
      availability.available ? [] : [loaded.problemAt(['worker_types', index], availability.reason)],
    );
}

/** What plugins have to say while they are tried is not what was asked for. */
const SILENT: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => SILENT };

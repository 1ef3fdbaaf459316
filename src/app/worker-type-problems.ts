import { PluginCatalogue } from '../adapters/plugins/plugin-catalogue.ts';
import type { ConfigProblem } from '../adapters/yaml/config-problem.ts';
import type { LoadedConfig } from '../adapters/yaml/load-config.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import { builtInPlugins } from './built-in-plugins.ts';
import { silentLog } from './silent-log.ts';

/** The worker types of a configuration, their plugins loaded as the daemon does it; nothing is launched. */
export async function describeWorkerTypes(
  { config }: LoadedConfig,
  hostEnvironment: Readonly<Record<string, string | undefined>>,
): Promise<readonly WorkerType[]> {
  const { workerTypes, routing, baseDirectory, messaging, grpc } = config;
  const natsUrls = messaging.adapter === 'nats' ? messaging.nats.urls : [];
  const catalogue = new PluginCatalogue({
    workerTypes,
    routingRules: routing.rules,
    baseDirectory,
    builtIns: builtInPlugins,
    endpoints: { grpcAddress: () => grpc.worker.listen, natsUrls },
    hostEnvironment,
    log: silentLog,
  });
  await catalogue.start(new AbortController().signal);
  return catalogue.list();
}

/** What the plugins find wrong with the worker types of a configuration. */
export async function workerTypeProblems(
  loaded: LoadedConfig,
  hostEnvironment: Readonly<Record<string, string | undefined>>,
): Promise<ConfigProblem[]> {
  const types = await describeWorkerTypes(loaded, hostEnvironment);
  return types.flatMap(({ availability }, index) =>
    availability.available ? [] : [loaded.problemAt(['worker_types', index], availability.reason)],
  );
}

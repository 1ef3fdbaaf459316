import type { RoutingRule, WorkerTypeConfig } from '../../domain/configuration.ts';
import type { WorkerType } from '../../domain/worker-type.ts';
import type { Log } from '../../ports/log.ts';
import type { ManagedPart } from '../../ports/managed-part.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import type { AnyPlugin } from './any-plugin.ts';
import { DEFAULT_HOOK_TIMEOUT_MS } from './hook.ts';
import { PluginLoader } from './plugin-loader.ts';
import { messageOf, PluginProblem } from './plugin-problem.ts';
import { unavailableWorkerType } from './unavailable-worker-type.ts';
import type { WorkerEndpoints } from './worker-environment.ts';
import { WorkerTypeFactory } from './worker-type-factory.ts';

export interface PluginCatalogueOptions {
  readonly workerTypes: readonly WorkerTypeConfig[];
  readonly routingRules: readonly RoutingRule[];
  /** Absolute path of the configuration's folder. */
  readonly baseDirectory: string;
  /** The plugins that come with Shoal, by the name that the configuration uses. */
  readonly builtIns: ReadonlyMap<string, AnyPlugin>;
  readonly endpoints: WorkerEndpoints;
  /** The daemon's own environment, of which workers get the few variables that they may. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
  readonly log: Log;
  /** Default {@link DEFAULT_HOOK_TIMEOUT_MS}. */
  readonly hookTimeoutMs?: number;
}

/**
 * The configured worker types, each made by its plugin. `start` loads them all at once and never fails: a plugin that cannot
 * be used makes its own types unavailable, with the reason. Empty before.
 */
export class PluginCatalogue implements WorkerTypeCatalogue, ManagedPart {
  readonly name = 'plugin catalogue';
  readonly #options: PluginCatalogueOptions;
  readonly #factory: WorkerTypeFactory;
  #types: readonly WorkerType[] = [];
  #started: Promise<void> | undefined;

  constructor(options: PluginCatalogueOptions) {
    const { builtIns, baseDirectory, routingRules, endpoints, hostEnvironment, log } = options;
    const hookTimeoutMs = options.hookTimeoutMs ?? DEFAULT_HOOK_TIMEOUT_MS;
    const loader = new PluginLoader({ builtIns, baseDirectory, hookTimeoutMs });
    this.#options = options;
    this.#factory = new WorkerTypeFactory(
      loader,
      routingRules,
      { endpoints, hostEnvironment, baseDirectory, hookTimeoutMs },
      log,
    );
  }

  async start(signal: AbortSignal): Promise<void> {
    this.#started ??= this.#load();
    await Promise.race([this.#started, aborted(signal)]);
  }

  async stop(): Promise<void> {}

  list(): readonly WorkerType[] {
    return this.#types;
  }

  get(name: string): WorkerType | undefined {
    return this.#types.find(({ config }) => config.name === name);
  }

  async #load(): Promise<void> {
    this.#types = await Promise.all(this.#options.workerTypes.map((config) => this.#make(config)));
  }

  async #make(config: WorkerTypeConfig): Promise<WorkerType> {
    try {
      return await this.#factory.make(config);
    } catch (err) {
      const reason = `plugin ${config.plugin}: ${messageOf(err)}`;
      const thrown = err instanceof PluginProblem ? err.cause : err;
      this.#options.log.warn({ workerType: config.name, reason, err: thrown }, 'worker type unavailable');
      return unavailableWorkerType(config, reason);
    }
  }
}

/** Nobody who gives up starting the daemon waits for a plugin that hangs. */
function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}

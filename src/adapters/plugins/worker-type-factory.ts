import type { RoutingRule, WorkerTypeConfig } from '../../domain/configuration.ts';
import { RouteTable } from '../../domain/routing/route-table.ts';
import type { WorkerType } from '../../domain/worker-type.ts';
import type { JsonSchema, WorkerTypeDescriptor } from '../../plugin/plugin.ts';
import type { Log } from '../../ports/log.ts';
import type { AnyPlugin } from './any-plugin.ts';
import { checkDescriptor } from './descriptor-check.ts';
import { HookTimeout, runHook } from './hook.ts';
import { compileSchema, describeFaults, type SchemaCheck } from './json-schema.ts';
import type { PluginLoader } from './plugin-loader.ts';
import { messageOf, pluginProblem } from './plugin-problem.ts';
import { type LaunchSurroundings, PluginWorkerType } from './plugin-worker-type.ts';

/** Makes a worker type of its configuration: loads the plugin, checks the options, lets it describe the type. */
export class WorkerTypeFactory {
  readonly #loader: PluginLoader;
  readonly #rules: readonly RoutingRule[];
  readonly #surroundings: LaunchSurroundings;
  readonly #log: Log;

  constructor(loader: PluginLoader, rules: readonly RoutingRule[], surroundings: LaunchSurroundings, log: Log) {
    this.#loader = loader;
    this.#rules = rules;
    this.#surroundings = surroundings;
    this.#log = log;
  }

  /** @throws PluginProblem that says why the type is unavailable and what to do */
  async make(config: WorkerTypeConfig): Promise<WorkerType> {
    const plugin = await this.#loader.load(config.plugin);
    const options = checkOptions(plugin, config);
    const descriptor = await this.#describe(plugin, options, config);
    const { configSchema, events } = descriptor;
    const checkConfig: SchemaCheck =
      configSchema === undefined ? () => [] : compiled('config-schema', configSchema, 'config');
    this.#log.debug(
      { workerType: config.name, plugin: plugin.name, pluginVersion: plugin.version },
      'worker type available',
    );
    return new PluginWorkerType(config, descriptor, this.#routes(config, events), checkConfig, this.#surroundings);
  }

  async #describe(
    plugin: AnyPlugin,
    options: never,
    { name: workerType }: WorkerTypeConfig,
  ): Promise<WorkerTypeDescriptor> {
    const { baseDirectory, hookTimeoutMs } = this.#surroundings;
    const log = this.#log.child({ workerType, plugin: plugin.name });
    let descriptor: unknown;
    try {
      descriptor = await runHook(hookTimeoutMs, (signal) =>
        plugin.describe(options, { workerType, baseDirectory, log, signal }),
      );
    } catch (err) {
      const rule = err instanceof HookTimeout ? 'describe-in-time' : 'describe-succeeds';
      throw pluginProblem(rule, `describe() failed: ${messageOf(err)}`, err);
    }
    checkDescriptor(descriptor);
    return descriptor;
  }

  #routes({ name }: WorkerTypeConfig, events: WorkerTypeDescriptor['events']): RouteTable {
    try {
      return new RouteTable(name, events, this.#rules);
    } catch (err) {
      // By a rule of the configuration: the plugin's own templates have been checked.
      throw new Error(`its routes cannot be made: ${messageOf(err)}`);
    }
  }
}

/** Answers a copy of the options, defaults filled in, for the plugin to keep. */
function checkOptions(plugin: AnyPlugin, config: WorkerTypeConfig): never {
  const check = compiled('options-schema', plugin.optionsSchema, 'options', true);
  const options = structuredClone(config.options);
  const faults = check(options);
  if (faults.length > 0) throw pluginProblem('options-accepted', describeFaults(faults));
  return options as never;
}

const SCHEMA_MEMBERS = { 'options-schema': 'optionsSchema', 'config-schema': 'configSchema' } as const;

function compiled(
  rule: keyof typeof SCHEMA_MEMBERS,
  schema: JsonSchema,
  root: string,
  useDefaults = false,
): SchemaCheck {
  try {
    return compileSchema(schema, root, useDefaults);
  } catch (err) {
    throw pluginProblem(rule, `${SCHEMA_MEMBERS[rule]} is not a JSON Schema that can be used: ${messageOf(err)}`);
  }
}

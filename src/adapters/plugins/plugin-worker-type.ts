import { resolve } from 'node:path';
import type { CommandName } from '../../domain/command/command.ts';
import type { WorkerTypeConfig } from '../../domain/configuration.ts';
import type { RouteTable } from '../../domain/routing/route-table.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { Availability, WorkerLaunch, WorkerType } from '../../domain/worker-type.ts';
import type { LaunchSpec, WorkerTypeDescriptor } from '../../plugin/plugin.ts';
import type { LaunchPlan } from '../../ports/worker-launcher.ts';
import { HookTimeout, runHook } from './hook.ts';
import { describeFaults, type SchemaCheck } from './json-schema.ts';
import { checkLaunchSpec } from './launch-spec-check.ts';
import { messageOf, PluginProblem, pluginProblem } from './plugin-problem.ts';
import { type LaunchFacts, launchFacts, type WorkerEndpoints, workerEnvironment } from './worker-environment.ts';

/** What launches need beside the plugin. */
export interface LaunchSurroundings {
  readonly endpoints: WorkerEndpoints;
  /** The daemon's own environment. */
  readonly hostEnvironment: Readonly<Record<string, string | undefined>>;
  readonly baseDirectory: string;
  readonly hookTimeoutMs: number;
}

/** A worker type whose plugin has been loaded and has described it. */
export class PluginWorkerType implements WorkerType {
  readonly availability: Availability = { available: true };
  readonly config: WorkerTypeConfig;
  readonly description: string;
  readonly eventTypeKeys: readonly string[];
  readonly commands: ReadonlySet<CommandName>;
  readonly acknowledges: boolean;
  readonly registers: boolean;
  readonly configSchema: string;
  readonly routes: RouteTable;
  readonly #descriptor: WorkerTypeDescriptor;
  readonly #checkConfig: SchemaCheck;
  readonly #surroundings: LaunchSurroundings;

  constructor(
    config: WorkerTypeConfig,
    descriptor: WorkerTypeDescriptor,
    routes: RouteTable,
    checkConfig: SchemaCheck,
    surroundings: LaunchSurroundings,
  ) {
    this.config = config;
    this.description = descriptor.description;
    this.eventTypeKeys = descriptor.events.map(({ key }) => key);
    this.commands = new Set([...descriptor.commands, 'stop']);
    this.acknowledges = descriptor.acknowledges;
    this.registers = descriptor.registers;
    this.configSchema = descriptor.configSchema === undefined ? '' : JSON.stringify(descriptor.configSchema);
    this.routes = routes;
    this.#descriptor = descriptor;
    this.#checkConfig = checkConfig;
    this.#surroundings = surroundings;
  }

  checkRunConfig(config: unknown): void {
    const faults = this.#checkConfig(config);
    const [first] = faults;
    if (first === undefined) return;
    throw new ShoalError('INVALID_ARGUMENT', describeFaults(faults), { metadata: { field: first.path } });
  }

  async plan(launch: WorkerLaunch): Promise<LaunchPlan> {
    const { endpoints, hostEnvironment, baseDirectory } = this.#surroundings;
    await endpoints.reachable?.();
    const facts = launchFacts(launch, endpoints, this.config.orphanTimeoutMs);
    const spec = await this.#askPlugin(facts);
    const passEnv = this.#descriptor.passEnv ?? [];
    return {
      workerId: launch.workerId,
      executable: spec.executable.includes('/') ? resolve(baseDirectory, spec.executable) : spec.executable,
      args: spec.args ?? [],
      env: workerEnvironment(facts, endpoints, hostEnvironment, passEnv, spec.env ?? {}),
      cwd: resolve(baseDirectory, spec.cwd ?? '.'),
      ...(this.config.orphans === 'adopt' && { outlives: true }),
    };
  }

  /** @throws ShoalError whose cause is the PluginProblem */
  async #askPlugin(facts: LaunchFacts): Promise<LaunchSpec> {
    try {
      const spec = await this.#runLaunch(facts);
      checkLaunchSpec(spec, facts.token);
      return spec;
    } catch (err) {
      const message = `worker type ${this.config.name}: its plugin ${this.config.plugin} failed to launch: ${messageOf(err)}`;
      const timedOut = err instanceof PluginProblem && err.cause instanceof HookTimeout;
      const code = timedOut ? 'TIMED_OUT' : 'INVALID_ARGUMENT';
      throw new ShoalError(code, message, { metadata: { field: 'worker_type' }, cause: err });
    }
  }

  /** The plugin gets a copy: what it does to it changes no variable of the worker, and no other launch. */
  async #runLaunch(facts: LaunchFacts): Promise<unknown> {
    try {
      return await runHook(this.#surroundings.hookTimeoutMs, (signal) =>
        this.#descriptor.launch({ ...structuredClone(facts), signal }),
      );
    } catch (err) {
      throw pluginProblem(err instanceof HookTimeout ? 'launch-in-time' : 'launch-succeeds', messageOf(err), err);
    }
  }
}

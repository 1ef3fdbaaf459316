import { COMMAND_NAMES, type CommandName } from '../../../src/domain/command/command.ts';
import type { RestartConfig, WorkerTypeConfig } from '../../../src/domain/configuration.ts';
import type { EventDeclaration } from '../../../src/domain/routing/route-table.ts';
import { RouteTable } from '../../../src/domain/routing/route-table.ts';
import { NEVER_RESTARTED } from '../../../src/domain/supervision/never-restarted.ts';
import type { WorkerLaunch, WorkerType } from '../../../src/domain/worker-type.ts';
import type { LaunchPlan } from '../../../src/ports/worker-launcher.ts';
import type { WorkerTypeCatalogue } from '../../../src/ports/worker-type-catalogue.ts';

export interface FakeWorkerTypeOptions extends Partial<Omit<WorkerType, 'config' | 'commands' | 'routes'>> {
  readonly config?: Partial<WorkerTypeConfig>;
  readonly commands?: readonly CommandName[];
  readonly events?: readonly EventDeclaration[];
}

/** No breaker, and no timer that waits for one: what tests of other things need. */
const UNWATCHED_STARTS: RestartConfig = {
  ...NEVER_RESTARTED,
  minUptimeMs: 0,
  breaker: { failures: 0, coolDownMs: 30_000 },
};

/** A worker type that registers, acknowledges and knows every command, unless it is told otherwise. */
export function fakeWorkerType(name: string, options: FakeWorkerTypeOptions = {}): WorkerType {
  const { config, commands = COMMAND_NAMES, events = [], ...rest } = options;
  return {
    config: {
      name,
      plugin: 'executable',
      options: {},
      limits: { maxWorkers: 1_000, registerTimeoutMs: 10_000, stallTimeoutMs: 0 },
      restart: UNWATCHED_STARTS,
      orphans: 'end',
      stop: { graceMs: 5_000, signal: 'SIGTERM' },
      commandTransport: 'auto',
      ...config,
    },
    description: name,
    eventTypeKeys: events.map(({ key }) => key),
    commands: new Set(commands),
    acknowledges: true,
    registers: true,
    configSchema: '',
    availability: { available: true },
    routes: new RouteTable(name, events, []),
    checkRunConfig: () => {},
    plan: async (launch) => fakePlan(launch),
    ...rest,
  };
}

export function fakePlan(launch: WorkerLaunch): LaunchPlan {
  return { workerId: launch.workerId, executable: 'worker', args: [], env: { SHOAL_WORKER_TOKEN: launch.token } };
}

export class FakeCatalogue implements WorkerTypeCatalogue {
  readonly #types: Map<string, WorkerType>;

  constructor(types: readonly WorkerType[]) {
    this.#types = new Map(types.map((type) => [type.config.name, type]));
  }

  list(): readonly WorkerType[] {
    return [...this.#types.values()];
  }

  get(name: string): WorkerType | undefined {
    return this.#types.get(name);
  }
}

import type { WorkerFiles } from '../ports/run-files.ts';
import type { LaunchPlan } from '../ports/worker-launcher.ts';
import type { CommandName } from './command/command.ts';
import type { WorkerTypeConfig } from './configuration.ts';
import type { SimulationId, WorkerId } from './ids.ts';
import type { RouteTable } from './routing/route-table.ts';

/** A way of running simulations, as its plugin describes it and the configuration bounds it. */
export interface WorkerType {
  readonly config: WorkerTypeConfig;
  readonly description: string;
  readonly eventTypeKeys: readonly string[];
  readonly commands: ReadonlySet<CommandName>;
  /** False: a command is complete once it is delivered. */
  readonly acknowledges: boolean;
  /** False: a plain program that knows nothing of Shoal, RUNNING at launch. */
  readonly registers: boolean;
  /** JSON Schema of a run's configuration; empty when anything goes. */
  readonly configSchema: string;
  readonly availability: Availability;
  readonly routes: RouteTable;
  /** @throws ShoalError INVALID_ARGUMENT that names the field of the run's configuration */
  checkRunConfig(config: unknown): void;
  /** Asks the plugin, under its time limit. @throws ShoalError */
  plan(launch: WorkerLaunch): Promise<LaunchPlan>;
}

export type Availability = { readonly available: true } | { readonly available: false; readonly reason: string };

/** What a plugin is told about a launch; contract section 3. */
export interface WorkerLaunch {
  readonly workerId: WorkerId;
  readonly simulationId: SimulationId;
  readonly incarnation: number;
  readonly token: string;
  readonly seed?: bigint;
  readonly files: WorkerFiles;
  readonly configContentType: string;
  readonly commandTransport: 'nats' | 'grpc';
  readonly traceparent?: string;
  /** The snapshot to start from. */
  readonly restoreFile?: string;
}

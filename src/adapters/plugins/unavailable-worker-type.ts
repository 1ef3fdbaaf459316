import type { WorkerTypeConfig } from '../../domain/configuration.ts';
import { RouteTable } from '../../domain/routing/route-table.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerType } from '../../domain/worker-type.ts';

/** Stands for a configured type whose plugin failed, so that it is listed with the reason and refuses every run with it. */
export function unavailableWorkerType(config: WorkerTypeConfig, reason: string): WorkerType {
  const refuse = (): never => {
    throw new ShoalError('WORKER_TYPE_UNKNOWN', `worker type ${config.name} is unavailable: ${reason}`);
  };
  return {
    config,
    description: '',
    eventTypeKeys: [],
    commands: new Set(),
    acknowledges: false,
    registers: false,
    configSchema: '',
    availability: { available: false, reason },
    routes: new RouteTable(config.name, [], []),
    checkRunConfig: refuse,
    plan: async () => refuse(),
  };
}

import type { RestartConfig, WorkerTypeConfig } from '../../../src/domain/configuration.ts';
import { NEVER_RESTARTED } from '../../../src/domain/supervision/never-restarted.ts';
import type { WorkerLaunch, WorkerType } from '../../../src/domain/worker-type.ts';
import { fakePlan, fakeWorkerType } from './fake-worker-type.ts';

export interface RestartingType {
  readonly type: WorkerType;
  /** What the plugin was told, launch by launch. */
  readonly launches: WorkerLaunch[];
}

/** A worker type that restarts after failures, without a breaker unless it is told otherwise. */
export function restartingType(
  restart: Partial<RestartConfig> = {},
  config: Partial<WorkerTypeConfig> = {},
): RestartingType {
  const launches: WorkerLaunch[] = [];
  const type = fakeWorkerType('fish', {
    config: {
      restart: {
        ...NEVER_RESTARTED,
        policy: 'on-failure',
        breaker: { failures: 0, coolDownMs: 30_000 },
        ...restart,
      },
      ...config,
    },
    plan: async (launch) => {
      launches.push(launch);
      return fakePlan(launch);
    },
  });
  return { type, launches };
}

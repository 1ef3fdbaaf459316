import { join } from 'node:path';
import { checkPlan } from '../../adapters/process/launch-check.ts';
import type { LoadedConfig } from '../../adapters/yaml/load-config.ts';
import { describeWorkerTypes } from '../../app/worker-type-problems.ts';
import type { ShoalConfig } from '../../domain/configuration.ts';
import { parseSimulationId, parseWorkerId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerLaunch, WorkerType } from '../../domain/worker-type.ts';
import { type Finding, fail, failWith, ok, warn } from './finding.ts';

/** The one plugin whose launch hook is known to do nothing but answer. */
const EXECUTABLE = 'executable';

/** Whether each worker type could be launched: its plugin, and where Shoal knows it, its program. Launches nothing. */
export async function examineWorkerTypes(
  loaded: LoadedConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Finding[]> {
  const types = await describeWorkerTypes(loaded, environment);
  if (types.length === 0) {
    return [warn('worker_types', 'there are none: nothing can be started', 'add one: docs/configuration.md')];
  }
  return Promise.all(types.map((type) => examine(type, loaded)));
}

async function examine(type: WorkerType, { config, file }: LoadedConfig): Promise<Finding> {
  const name = `worker type ${type.config.name}`;
  if (!type.availability.available) return fail(name, type.availability.reason, `mend it in ${file}`);
  if (type.config.plugin !== EXECUTABLE) return ok(name, type.description);
  try {
    return ok(name, `${type.description}, found at ${await checkPlan(await type.plan(trial(type, config)))}`);
  } catch (thrown) {
    if (!(thrown instanceof ShoalError)) throw thrown;
    return failWith(name, thrown.message, `mend that, or the options of the worker type in ${file}`);
  }
}

/** A launch that will not be: every fact has some value, so that every placeholder has one. */
function trial({ config: { commandTransport } }: WorkerType, { dataDir, messaging }: ShoalConfig): WorkerLaunch {
  const overNats = commandTransport === 'auto' ? messaging.adapter === 'nats' : commandTransport === 'nats';
  return {
    workerId: parseWorkerId('doctor'),
    simulationId: parseSimulationId('doctor'),
    incarnation: 1,
    token: 'a-token-for-nobody',
    seed: 0n,
    files: { configFile: join(dataDir, 'doctor.json'), snapshotDir: dataDir },
    configContentType: 'application/json',
    commandTransport: overNats ? 'nats' : 'grpc',
  };
}

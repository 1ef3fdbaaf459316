import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LaunchContext } from 'shoal/plugin';
import type { ChildDaemon } from '../../support/daemon/child-daemon.ts';
import { Puppet } from '../../support/daemon/puppet.ts';
import { until } from '../../support/daemon/until.ts';

/** Who a worker is, as its environment says: enough to make its calls from elsewhere. */
interface WorkerIdentity {
  readonly grpcAddress: string;
  readonly workerId: string;
  readonly simulationId: string;
  readonly token: string;
}

/** Launches a program that writes its environment to the folder of the configuration and sleeps: the test makes its calls. */
export function outsideType() {
  const write =
    'env > "$SHOAL_SIMULATION_ID.unfinished" && mv "$SHOAL_SIMULATION_ID.unfinished" "$SHOAL_SIMULATION_ID"';
  return {
    name: 'outside',
    plugin: 'executable',
    options: { executable: 'sh', args: ['-c', `${write}; exec sleep 600`], cwd: '.' },
    limits: { register_timeout: '60s' },
    stop: { grace: '100ms' },
  };
}

async function identityOf(folder: string, simulationId: string): Promise<WorkerIdentity> {
  const text = await until('the worker has written who it is', () => {
    try {
      return readFileSync(join(folder, simulationId), 'utf8');
    } catch {
      return undefined;
    }
  });
  const variable = (name: string) => new RegExp(`^${name}=(.*)$`, 'm').exec(text)?.[1] ?? '';
  return {
    grpcAddress: variable('SHOAL_GRPC_ADDRESS'),
    workerId: variable('SHOAL_WORKER_ID'),
    simulationId,
    token: variable('SHOAL_WORKER_TOKEN'),
  };
}

/** Starts a simulation of the type above; its worker is not registered yet. */
export async function startOutside(daemon: ChildDaemon, folder: string, simulationId: string): Promise<Puppet> {
  await daemon.client.start({ workerType: 'outside', simulationId });
  return new Puppet((await identityOf(folder, simulationId)) as unknown as LaunchContext);
}

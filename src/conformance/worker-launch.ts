import type { SimulationId, WorkerId } from '../domain/ids.ts';
import type { WorkerType } from '../domain/worker-type.ts';
import type { LaunchPlan } from '../ports/worker-launcher.ts';
import type { Lab, LabEndpoints } from './lab.ts';
import { SEED, type Setting } from './setting.ts';

/** Of a setting that names none. */
export const FIRST_INCARNATION = 1;

const CONTENT_TYPE = 'application/json';

export interface PlannedLaunch {
  readonly type: WorkerType;
  readonly plan: LaunchPlan;
  readonly snapshotDir: string;
}

export interface LaunchWish {
  readonly workerId: WorkerId;
  readonly simulationId: SimulationId;
  readonly token: string;
  readonly setting: Setting;
  readonly transport: 'grpc' | 'nats';
  readonly endpoints: LabEndpoints;
}

/** Prepares a worker's files and asks the plugin how to launch it, as a daemon does. @throws ShoalError */
export async function planLaunch(lab: Lab, wish: LaunchWish): Promise<PlannedLaunch> {
  const { workerId, simulationId, token, setting, transport, endpoints } = wish;
  const type = await lab.workerType(endpoints);
  const bytes = Buffer.from(setting.configText ?? JSON.stringify(lab.options.runConfig));
  const files = await lab.files.prepare(workerId, { bytes, contentType: CONTENT_TYPE });
  const plan = await type.plan({
    workerId,
    simulationId,
    incarnation: setting.incarnation ?? FIRST_INCARNATION,
    token,
    seed: SEED,
    files,
    configContentType: CONTENT_TYPE,
    commandTransport: transport,
  });
  const restore = setting.restoreFile === undefined ? {} : { SHOAL_RESTORE_FILE: setting.restoreFile };
  return { type, plan: { ...plan, env: { ...plan.env, ...restore } }, snapshotDir: files.snapshotDir };
}

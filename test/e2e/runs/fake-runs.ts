import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import { plainToStruct } from '../../../src/adapters/grpc/struct-message.ts';
import type { DaemonClient } from '../../support/daemon/daemon-client.ts';
import type { FakeWorkerScript } from '../../support/fake-worker/script.ts';

/** Starts a run of the fake worker and returns its id. */
export async function startFake(
  client: DaemonClient,
  script: FakeWorkerScript,
  request: StartSimulationRequest = {},
): Promise<string> {
  const config = plainToStruct({ ...script });
  const { simulationId } = await client.start({ workerType: 'fake', config, ...request });
  return simulationId;
}

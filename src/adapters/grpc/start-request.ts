import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';
import type { StartRequest } from '../../domain/simulation/start-simulation.ts';
import type { StartSimulationRequestOutput } from './generated/fes/orchestration/v1/StartSimulationRequest.ts';
import { requestFingerprint } from './request-fingerprint.ts';
import { structToPlain } from './struct-message.ts';

/** @throws ShoalError INVALID_ARGUMENT; CAPABILITY_UNSUPPORTED for what is not built */
export function startRequest(request: StartSimulationRequestOutput): StartRequest {
  const { config, configBlob, configContentType, seed, maxRunTime } = request;
  if (maxRunTime) throw new ShoalError('CAPABILITY_UNSUPPORTED', 'max_run_time is not built yet; leave it out');
  const hasBlob = configBlob.length > 0;
  if (hasBlob !== (configContentType !== '')) {
    throw invalidArgument('config_content_type', 'and config_blob go together: set both or neither');
  }
  return {
    simulationId: request.simulationId,
    workerType: request.workerType,
    labels: request.labels,
    startPaused: request.startPaused,
    requestId: request.requestId,
    fingerprint: requestFingerprint(request),
    ...(config ? { config: structToPlain(config, 'config') } : {}),
    ...(hasBlob ? { configBlob: { bytes: configBlob, contentType: configContentType } } : {}),
    ...(seed === undefined ? {} : { seed: BigInt(seed) }),
  };
}

import { invalidArgument } from '../../domain/shoal-error.ts';
import type { StartRequest } from '../../domain/simulation/start-simulation.ts';
import { BOUNDS, demandShort } from './bounds.ts';
import type { StartSimulationRequestOutput } from './generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { DurationOutput } from './generated/google/protobuf/Duration.ts';
import { requestFingerprint } from './request-fingerprint.ts';
import { parseRestart } from './restart-message.ts';
import { structToPlain } from './struct-message.ts';
import { durationMs } from './well-known-types.ts';

/** @throws ShoalError INVALID_ARGUMENT */
export function startRequest(request: StartSimulationRequestOutput): StartRequest {
  const { config, configBlob, configContentType, seed, maxRunTime, restart } = request;
  const hasBlob = configBlob.length > 0;
  if (hasBlob !== (configContentType !== '')) {
    throw invalidArgument('config_content_type', 'and config_blob go together: set both or neither');
  }
  demandShort('config_content_type', configContentType, BOUNDS.contentTypeBytes);
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
    ...(maxRunTime ? { maxRunTimeMs: runTimeMs(maxRunTime) } : {}),
    ...(restart ? { restart: parseRestart(restart) } : {}),
  };
}

function runTimeMs(duration: DurationOutput): number {
  const ms = durationMs(duration, 'max_run_time');
  if (ms === 0) throw invalidArgument('max_run_time', 'is 0; leave it out for a run without a limit');
  return ms;
}

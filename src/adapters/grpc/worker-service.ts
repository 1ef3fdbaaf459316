import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { commandSubject } from '../../domain/command/command-subject.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import type { WorkerCalls } from '../../domain/supervision/worker-calls.ts';
import { BOUNDS, demandCount, demandShort, demandSmallMap } from './bounds.ts';
import { bearerToken, type FailureListener, unary } from './calls.ts';
import type { CommandStreams } from './command-streams.ts';
import { rawMessage } from './counted-entries.ts';
import type { EventCalls } from './event-calls.ts';
import type { HeartbeatRequestOutput } from './generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponse } from './generated/fes/orchestration/v1/HeartbeatResponse.ts';
import type { RegisterWorkerRequestOutput } from './generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse } from './generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import { loadProtos } from './proto-loading.ts';
import { parseState, stateName } from './simulation-message.ts';

export interface WorkerServiceParts {
  readonly authentication: WorkerAuthentication;
  readonly workers: WorkerCalls;
  readonly events: EventCalls;
  readonly commands: CommandStreams;
  /** What a worker with the transport `nats` connects to. */
  readonly natsUrls: () => readonly string[];
  readonly heartbeatIntervalMs: () => number;
  readonly onFailure: FailureListener;
}

/** OrchestratorWorkerService: contract section 2. */
export function workerService(parts: WorkerServiceParts): UntypedServiceImplementation {
  const { authentication, workers, events, commands, onFailure } = parts;
  return {
    registerWorker: unary<RegisterWorkerRequestOutput, RegisterWorkerResponse>(
      async (request, _context, call) => {
        const worker = authentication.authenticate(credentials(call.metadata, request.workerId));
        demandShort('sdk', request.sdk, BOUNDS.sdkBytes);
        demandCount('supported_commands', request.supportedCommands.length, BOUNDS.supportedCommands);
        demandSmallMap('labels', request.labels, BOUNDS.workerLabels);
        const { resumed, desiredState, incarnation, resumeAfterOrdinal, limits } = await workers.register(
          worker,
          request,
        );
        const isNats = worker.transport === 'nats';
        return {
          commandTransport: worker.transport,
          commandSubject: isNats ? commandSubject(worker.id) : '',
          natsUrls: isNats ? [...parts.natsUrls()] : [],
          heartbeatIntervalMs: limits.heartbeatIntervalMs,
          maxBatchEvents: limits.maxBatchEvents,
          maxEventBytes: limits.maxEventBytes,
          maxBatchBytes: limits.maxBatchBytes,
          maxInFlightBatches: limits.maxInFlightBatches,
          desiredState: stateName(desiredState),
          resumed,
          incarnation,
          resumeAfterOrdinal,
        };
      },
      (thrown) => onFailure('RegisterWorker', thrown),
    ),

    heartbeat: unary<HeartbeatRequestOutput, HeartbeatResponse>(
      (request, _context, call) => {
        const worker = authentication.authenticate(credentials(call.metadata, request.workerId));
        demandSmallMap('gauges', request.gauges, BOUNDS.gauges);
        const desired = workers.heartbeat(
          worker,
          request.simulationId,
          BigInt(request.tick),
          parseState(request.state),
        );
        return { desiredState: stateName(desired), heartbeatIntervalMs: parts.heartbeatIntervalMs() };
      },
      (thrown) => onFailure('Heartbeat', thrown),
    ),

    receiveCommands: commands.receiveCommands(),
    reportEvent: events.reportEvent(),
    reportEventStream: events.reportEventStream(),
    reportEventBatches: events.reportEventBatches(),
  };
}

/** The service with raw envelopes: what reports events is not decoded, and commands are encoded already. */
export function workerServiceDefinition(): ServiceDefinition {
  const { service } = loadProtos().tree.fes.orchestration.v1.OrchestratorWorkerService;
  return {
    ...service,
    ReportEvent: { ...service.ReportEvent, requestDeserialize: rawMessage },
    ReportEventStream: { ...service.ReportEventStream, requestDeserialize: rawMessage },
    ReportEventBatches: { ...service.ReportEventBatches, requestDeserialize: rawMessage },
    ReceiveCommands: { ...service.ReceiveCommands, responseSerialize: rawMessage },
  } as unknown as ServiceDefinition;
}

function credentials(metadata: Parameters<typeof bearerToken>[0], claimedWorkerId: string) {
  const token = bearerToken(metadata);
  return { claimedWorkerId, ...(token === undefined ? {} : { token }) };
}

import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import type { ControlAnswer } from '../../domain/command/control-request.ts';
import type { ControlSimulation } from '../../domain/command/control-simulation.ts';
import { parseSimulationId } from '../../domain/ids.ts';
import { invalidArgument, toShoalError } from '../../domain/shoal-error.ts';
import type { ListSimulations } from '../../domain/simulation/list-simulations.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import type { StartSimulation } from '../../domain/simulation/start-simulation.ts';
import type { WorkerType } from '../../domain/worker-type.ts';
import type { Authorizer } from '../../ports/authorizer.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import { type FailureListener, unary } from './calls.ts';
import { parseCommand } from './command-request.ts';
import type { EventSubscriptions } from './event-subscriptions.ts';
import type { ControlSimulationRequestOutput } from './generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponse } from './generated/fes/orchestration/v1/ControlSimulationResponse.ts';
import type { GetSimulationStatusRequestOutput } from './generated/fes/orchestration/v1/GetSimulationStatusRequest.ts';
import type { GetSimulationStatusResponse } from './generated/fes/orchestration/v1/GetSimulationStatusResponse.ts';
import type { ListSimulationsRequestOutput } from './generated/fes/orchestration/v1/ListSimulationsRequest.ts';
import type { ListSimulationsResponse } from './generated/fes/orchestration/v1/ListSimulationsResponse.ts';
import type { ListWorkerTypesResponse } from './generated/fes/orchestration/v1/ListWorkerTypesResponse.ts';
import type { StartSimulationRequestOutput } from './generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { StartSimulationResponse } from './generated/fes/orchestration/v1/StartSimulationResponse.ts';
import type { WorkerTypeInfo } from './generated/fes/orchestration/v1/WorkerTypeInfo.ts';
import { notBuiltStream, notBuiltUnary } from './not-built.ts';
import { loadProtos } from './proto-loading.ts';
import { requestFingerprint } from './request-fingerprint.ts';
import { parseState, simulationMessage, stateName } from './simulation-message.ts';
import { startRequest } from './start-request.ts';
import { durationMs } from './well-known-types.ts';
import type { WorkerOutputCalls } from './worker-output-calls.ts';

export interface ClientServiceParts {
  readonly start: StartSimulation;
  readonly control: ControlSimulation;
  readonly list: ListSimulations;
  readonly registry: SimulationRegistry;
  readonly catalogue: WorkerTypeCatalogue;
  readonly authorizer: Authorizer;
  readonly subscriptions: EventSubscriptions;
  readonly outputs: WorkerOutputCalls;
  /** Hears how long each command took; `result` is `ok` or the reason of its failure. */
  readonly onCommand: (command: string, result: string, seconds: number) => void;
  readonly onFailure: FailureListener;
}

/** OrchestratorClientService: contract section 2. */
export function clientService(parts: ClientServiceParts): UntypedServiceImplementation {
  const { start, control, list, registry, catalogue, authorizer, onFailure } = parts;
  return {
    startSimulation: unary<StartSimulationRequestOutput, StartSimulationResponse>(
      async (request, context) => ({ simulation: simulationMessage(await start.run(context, startRequest(request))) }),
      (thrown) => onFailure('StartSimulation', thrown),
    ),

    controlSimulation: unary<ControlSimulationRequestOutput, ControlSimulationResponse>(
      async (request, context) => {
        const command = parseCommand(request);
        const measured = measure((result, seconds) => parts.onCommand(command.name, result, seconds));
        const answer = control.run(context, {
          simulationId: parseSimulationId(request.simulationId),
          command,
          requestId: request.requestId,
          fingerprint: requestFingerprint(request),
          wait: request.waitForCompletion,
          ...(request.timeout ? { timeoutMs: durationMs(request.timeout, 'timeout') } : {}),
          ...(request.expectedRevision === undefined ? {} : { expectedRevision: Number(request.expectedRevision) }),
        });
        return controlResponse(await measured(answer));
      },
      (thrown) => onFailure('ControlSimulation', thrown),
    ),

    getSimulationStatus: unary<GetSimulationStatusRequestOutput, GetSimulationStatusResponse>(
      (request, context) => {
        const view = registry.view(parseSimulationId(request.simulationId));
        authorizer.demand(context, 'read', { simulationId: view.simulation.id, labels: view.simulation.labels });
        return { simulation: simulationMessage(view) };
      },
      (thrown) => onFailure('GetSimulationStatus', thrown),
    ),

    listSimulations: unary<ListSimulationsRequestOutput, ListSimulationsResponse>(
      (request, context) => {
        const { views, nextPageToken } = list.run(context, {
          ...request,
          states: request.states.map((name) => {
            const state = parseState(name);
            if (state === undefined) throw invalidArgument('states', `${name} is not a state to filter by`);
            return state;
          }),
        });
        return { simulations: views.map(simulationMessage), nextPageToken };
      },
      (thrown) => onFailure('ListSimulations', thrown),
    ),

    listWorkerTypes: unary<unknown, ListWorkerTypesResponse>(
      (_request, context) => {
        authorizer.demand(context, 'read');
        return { workerTypes: catalogue.list().map(workerTypeInfo) };
      },
      (thrown) => onFailure('ListWorkerTypes', thrown),
    ),

    subscribeToEvents: parts.subscriptions.subscribeToEvents(),
    readWorkerOutput: parts.outputs.readWorkerOutput(),
    controlSimulations: notBuiltUnary('ControlSimulations'),
    watchSimulations: notBuiltStream('WatchSimulations'),
  };
}

/** The service with raw events: what is subscribed to is encoded already. */
export function clientServiceDefinition(): ServiceDefinition {
  const { service } = loadProtos().tree.fes.orchestration.v1.OrchestratorClientService;
  const responseSerialize = (bytes: Buffer): Buffer => bytes;
  return {
    ...service,
    SubscribeToEvents: { ...service.SubscribeToEvents, responseSerialize },
  } as unknown as ServiceDefinition;
}

function measure(done: (result: string, seconds: number) => void): <T>(work: Promise<T>) => Promise<T> {
  const start = performance.now();
  const finish = (result: string): void => done(result, (performance.now() - start) / 1000);
  return async (work) => {
    try {
      const value = await work;
      finish('ok');
      return value;
    } catch (thrown) {
      finish(toShoalError(thrown).code);
      throw thrown;
    }
  };
}

function controlResponse({
  commandId,
  state,
  phase,
  completed,
  outcome,
  tick,
}: ControlAnswer): ControlSimulationResponse {
  return {
    commandId,
    state: stateName(state),
    completed,
    phase: `COMMAND_PHASE_${phase}`,
    tick: tick.toString(),
    message: outcome?.message,
    code: outcome?.code,
    result: outcome === undefined ? undefined : Buffer.from(outcome.result),
    resultContentType: outcome?.resultContentType,
  };
}

function workerTypeInfo(type: WorkerType): WorkerTypeInfo {
  return {
    name: type.config.name,
    plugin: type.config.plugin,
    description: type.description,
    eventTypeKeys: [...type.eventTypeKeys],
    commands: [...type.commands],
    available: type.availability.available,
    reason: type.availability.available ? '' : type.availability.reason,
    configSchema: type.configSchema,
  };
}

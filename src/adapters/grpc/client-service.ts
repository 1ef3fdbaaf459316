import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { parseSimulationId } from '../../domain/ids.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import type { ListSimulations } from '../../domain/simulation/list-simulations.ts';
import type { RemoveSimulation } from '../../domain/simulation/remove-simulation.ts';
import type { SimulationRegistry } from '../../domain/simulation/simulation-registry.ts';
import type { StartSimulation } from '../../domain/simulation/start-simulation.ts';
import type { WatchSimulations } from '../../domain/simulation/watch-simulations.ts';
import type { SubscribeToEvents } from '../../domain/subscription/subscribe-to-events.ts';
import type { WorkerTypeBreakers } from '../../domain/supervision/worker-type-breakers.ts';
import type { WorkerType } from '../../domain/worker-type.ts';
import type { Authorizer } from '../../ports/authorizer.ts';
import type { WorkerTypeCatalogue } from '../../ports/worker-type-catalogue.ts';
import { BOUNDS, demandCount } from './bounds.ts';
import type { CallPlaces } from './call-places.ts';
import { unary } from './calls.ts';
import { type ControlCallsParts, controlSimulation, controlSimulations } from './control-calls.ts';
import { subscribeToEvents } from './event-subscriptions.ts';
import type { GetSimulationStatusRequestOutput } from './generated/fes/orchestration/v1/GetSimulationStatusRequest.ts';
import type { GetSimulationStatusResponse } from './generated/fes/orchestration/v1/GetSimulationStatusResponse.ts';
import type { ListSimulationsRequestOutput } from './generated/fes/orchestration/v1/ListSimulationsRequest.ts';
import type { ListSimulationsResponse } from './generated/fes/orchestration/v1/ListSimulationsResponse.ts';
import type { ListWorkerTypesResponse } from './generated/fes/orchestration/v1/ListWorkerTypesResponse.ts';
import type { RemoveSimulationRequestOutput } from './generated/fes/orchestration/v1/RemoveSimulationRequest.ts';
import type { RemoveSimulationResponse } from './generated/fes/orchestration/v1/RemoveSimulationResponse.ts';
import type { StartSimulationRequestOutput } from './generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { StartSimulationResponse } from './generated/fes/orchestration/v1/StartSimulationResponse.ts';
import type { WorkerTypeInfo } from './generated/fes/orchestration/v1/WorkerTypeInfo.ts';
import { loadProtos } from './proto-loading.ts';
import { parseState, simulationMessage } from './simulation-message.ts';
import { startRequest } from './start-request.ts';
import { watchSimulations } from './watch-calls.ts';
import type { WorkerOutputCalls } from './worker-output-calls.ts';

export interface ClientServiceParts extends ControlCallsParts {
  readonly start: StartSimulation;
  readonly list: ListSimulations;
  readonly remove: RemoveSimulation;
  readonly watch: WatchSimulations;
  readonly registry: SimulationRegistry;
  readonly catalogue: WorkerTypeCatalogue;
  readonly breakers: WorkerTypeBreakers;
  readonly authorizer: Authorizer;
  readonly subscriptions: SubscribeToEvents;
  readonly outputs: WorkerOutputCalls;
  /** Of the long calls, all together. */
  readonly places: CallPlaces<string>;
}

/** OrchestratorClientService: contract section 2. */
export function clientService(parts: ClientServiceParts): UntypedServiceImplementation {
  const { start, list, remove, registry, catalogue, breakers, authorizer, onFailure } = parts;
  return {
    startSimulation: unary<StartSimulationRequestOutput, StartSimulationResponse>(
      async (request, context) => ({ simulation: simulationMessage(await start.run(context, startRequest(request))) }),
      (thrown) => onFailure('StartSimulation', thrown),
    ),

    controlSimulation: controlSimulation(parts),
    controlSimulations: controlSimulations(parts),

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
        demandCount('states', request.states.length, BOUNDS.states);
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

    removeSimulation: unary<RemoveSimulationRequestOutput, RemoveSimulationResponse>(
      async (request, context) => {
        await remove.run(context, parseSimulationId(request.simulationId));
        return {};
      },
      (thrown) => onFailure('RemoveSimulation', thrown),
    ),

    listWorkerTypes: unary<unknown, ListWorkerTypesResponse>(
      (_request, context) => {
        authorizer.demand(context, 'read');
        return { workerTypes: catalogue.list().map((type) => workerTypeInfo(type, breakers.trouble(type))) };
      },
      (thrown) => onFailure('ListWorkerTypes', thrown),
    ),

    subscribeToEvents: subscribeToEvents(parts.subscriptions, parts.places, onFailure),
    readWorkerOutput: parts.outputs.readWorkerOutput(),
    watchSimulations: watchSimulations(parts),
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

/** @param trouble why it is not started for now, if it is not */
function workerTypeInfo(type: WorkerType, trouble: string | undefined): WorkerTypeInfo {
  const reason = type.availability.available ? trouble : type.availability.reason;
  return {
    name: type.config.name,
    plugin: type.config.plugin,
    description: type.description,
    eventTypeKeys: [...type.eventTypeKeys],
    commands: [...type.commands],
    available: reason === undefined,
    reason: reason ?? '',
    configSchema: type.configSchema,
  };
}

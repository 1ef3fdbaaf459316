import { Client, credentials } from '@grpc/grpc-js';
import type { ControlSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationResponse.ts';
import type { GetInfoResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/GetInfoResponse.ts';
import type { ListSimulationsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ListSimulationsRequest.ts';
import type { ListSimulationsResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ListSimulationsResponse.ts';
import type { ReadWorkerOutputRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReadWorkerOutputRequest.ts';
import type { ReadWorkerOutputResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReadWorkerOutputResponse.ts';
import type { SimulationOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import type { StartSimulationRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import type { SubscribeToEventsRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';
import type { WorkerTypeInfoOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/WorkerTypeInfo.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { type CallOptions, type MethodOf, metadataOf, unaryCall } from './calls.ts';
import { readSubscribed, type SubscribedEvent } from './envelopes.ts';
import { StreamProbe } from './stream-probe.ts';
import { until } from './until.ts';

const { OrchestratorClientService, OrchestratorAdminService } = loadProtos().tree.fes.orchestration.v1;
export const clientMethods = OrchestratorClientService.service;
export const adminMethods = OrchestratorAdminService.service;

const FINAL = ['SIMULATION_STATE_COMPLETED', 'SIMULATION_STATE_FAILED', 'SIMULATION_STATE_STOPPED'];

/** The calls of a daemon's client address. Several of them may share a daemon: each has a connection of its own. */
export class DaemonClient {
  readonly grpc: Client;

  constructor(address: string) {
    this.grpc = new Client(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  }

  call<Request, Response>(method: MethodOf<Request, Response>, request: Request, options?: CallOptions) {
    return unaryCall(this.grpc, method, request, options);
  }

  stream<Request, Response>(
    { path, requestSerialize, responseDeserialize }: MethodOf<Request, Response>,
    request: Request,
    { deadlineMs = Number.POSITIVE_INFINITY }: CallOptions = {},
  ): StreamProbe<Response> {
    const call = this.grpc.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      request,
      metadataOf({}),
      { deadline: Date.now() + deadlineMs },
    );
    return new StreamProbe(call);
  }

  async start(request: StartSimulationRequest, options?: CallOptions): Promise<SimulationOutput> {
    return simulationOf(await this.call(clientMethods.StartSimulation, request, options));
  }

  async get(simulationId: string): Promise<SimulationOutput> {
    return simulationOf(await this.call(clientMethods.GetSimulationStatus, { simulationId }));
  }

  list(request: ListSimulationsRequest = {}): Promise<ListSimulationsResponseOutput> {
    return this.call(clientMethods.ListSimulations, request);
  }

  /** Waits for the worker's acknowledgement unless the request says otherwise. */
  control(
    simulationId: string,
    command: ControlSimulationRequest,
    options?: CallOptions,
  ): Promise<ControlSimulationResponseOutput> {
    const request = { waitForCompletion: true, ...command, simulationId };
    return this.call(clientMethods.ControlSimulation, request, options);
  }

  async workerTypes(): Promise<WorkerTypeInfoOutput[]> {
    return (await this.call(clientMethods.ListWorkerTypes, {})).workerTypes;
  }

  info(): Promise<GetInfoResponseOutput> {
    return this.call(adminMethods.GetInfo, {});
  }

  /** Events with their envelopes as the bytes that were sent. */
  subscribe(request: SubscribeToEventsRequest, options?: CallOptions): StreamProbe<SubscribedEvent> {
    const { path, requestSerialize } = clientMethods.SubscribeToEvents;
    return this.stream({ path, requestSerialize, responseDeserialize: readSubscribed }, request, options);
  }

  output(request: ReadWorkerOutputRequest): StreamProbe<ReadWorkerOutputResponseOutput> {
    return this.stream(clientMethods.ReadWorkerOutput, request);
  }

  async untilState(simulationId: string, ...states: string[]): Promise<SimulationOutput> {
    let last = 'unknown';
    return until(`${simulationId} becomes ${states.join(' or ')}`, async () => {
      const simulation = await this.get(simulationId);
      last = simulation.state.slice('SIMULATION_STATE_'.length);
      if (states.includes(last)) return simulation;
      if (FINAL.includes(simulation.state))
        throw new Error(`${simulationId} is ${last}, not ${states.join(' or ')}: ${simulation.message}`);
      return undefined;
    });
  }

  close(): void {
    this.grpc.close();
  }
}

function simulationOf({ simulation }: { readonly simulation: SimulationOutput | null }): SimulationOutput {
  if (simulation === null) throw new Error('the answer has no simulation');
  return simulation;
}

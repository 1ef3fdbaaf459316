import { setTimeout as delay } from 'node:timers/promises';
import { Client, credentials, Metadata } from '@grpc/grpc-js';
import type { ControlSimulationRequest } from '../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponseOutput } from '../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationResponse.ts';
import type { ControlSimulationsRequest } from '../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationsRequest.ts';
import type { ControlSimulationsResponseOutput } from '../../src/adapters/grpc/generated/fes/orchestration/v1/ControlSimulationsResponse.ts';
import type { SimulationOutput } from '../../src/adapters/grpc/generated/fes/orchestration/v1/Simulation.ts';
import type { StartSimulationRequest } from '../../src/adapters/grpc/generated/fes/orchestration/v1/StartSimulationRequest.ts';
import { loadProtos } from '../../src/adapters/grpc/proto-loading.ts';

interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

const { StartSimulation, ControlSimulation, ControlSimulations, GetSimulationStatus, ListSimulations } =
  loadProtos().tree.fes.orchestration.v1.OrchestratorClientService.service;
const CALL_TIMEOUT_MS = 120_000;
const START_POLL_MS = 20;

/** The calls of a Shoal client that the bench needs. */
export class ShoalClient {
  readonly address: string;
  readonly #client: Client;

  constructor(address: string) {
    this.address = address;
    this.#client = new Client(address, credentials.createInsecure());
  }

  /** Resolves when it is RUNNING, or PAUSED where that was asked for. @throws Error when it fails instead */
  async start(request: StartSimulationRequest, { pollMs = START_POLL_MS } = {}): Promise<string> {
    const { simulation } = await this.#call(StartSimulation, request);
    const id = simulation?.simulationId ?? '';
    for (;;) {
      const { state, message } = await this.get(id);
      if (state === 'SIMULATION_STATE_RUNNING' || state === 'SIMULATION_STATE_PAUSED') return id;
      if (state === 'SIMULATION_STATE_FAILED') throw new Error(`${id} failed: ${message}`);
      await delay(pollMs);
    }
  }

  async get(simulationId: string): Promise<SimulationOutput> {
    const { simulation } = await this.#call(GetSimulationStatus, { simulationId });
    if (simulation === null) throw new Error('the answer has no simulation');
    return simulation;
  }

  /** The first page. */
  async list(): Promise<number> {
    const { simulations } = await this.#call(ListSimulations, {});
    return simulations.length;
  }

  /** Waits for the worker's acknowledgement. @throws Error when the worker refuses */
  async control(simulationId: string, command: ControlSimulationRequest): Promise<ControlSimulationResponseOutput> {
    const timeout = { seconds: CALL_TIMEOUT_MS / 1_000, nanos: 0 };
    const request = { waitForCompletion: true, timeout, ...command, simulationId };
    const answer = await this.#call(ControlSimulation, request);
    if (answer.code !== 0) throw new Error(`${simulationId} refused: ${answer.message}`);
    return answer;
  }

  /** One result for each simulation. */
  controlMany(request: ControlSimulationsRequest): Promise<ControlSimulationsResponseOutput> {
    return this.#call(ControlSimulations, request);
  }

  /** A command of the bench's own, answered in JSON. */
  async ask<Answer>(simulationId: string, commandKey: string, question: object = {}): Promise<Answer> {
    const payload = Buffer.from(JSON.stringify(question));
    const custom = { commandKey, payload, contentType: 'application/json' };
    const { result } = await this.control(simulationId, { custom });
    return JSON.parse(result.toString()) as Answer;
  }

  close(): void {
    this.#client.close();
  }

  #call<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest<Request, Response>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        new Metadata(),
        { deadline: Date.now() + CALL_TIMEOUT_MS },
        (error, response) => (error === null ? resolve(response as Response) : reject(error)),
      );
    });
  }
}

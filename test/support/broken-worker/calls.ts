import { readFileSync } from 'node:fs';
import {
  Client,
  type ClientDuplexStream,
  type ClientReadableStream,
  credentials,
  Metadata,
  type ServiceError,
  type StatusObject,
} from '@grpc/grpc-js';
import type { HeartbeatRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatResponse.ts';
import type { RegisterWorkerRequest } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesResponseOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { Behaviour } from './behaviour/behaviour.ts';
import type { CallName } from './behaviour/registration.ts';
import type { Environment } from './environment.ts';
import { type Command, messages } from './messages.ts';

export type EventStream = ClientDuplexStream<Buffer, ReportEventBatchesResponseOutput>;
export type CommandStream = ClientReadableStream<Command>;
export type End = Pick<StatusObject, 'code' | 'details'>;

const CALL_TIMEOUT_MS = 10_000;
const methods = messages.OrchestratorWorkerService.service;

/** The calls of the worker service, made by hand. */
export class Calls {
  readonly #client: Client;
  readonly #environment: Environment;
  readonly #behaviour: Behaviour;

  constructor(environment: Environment, behaviour: Behaviour) {
    const { grpcAddress, grpcCaFile } = environment;
    this.#environment = environment;
    this.#behaviour = behaviour;
    const channel = grpcCaFile ? credentials.createSsl(readFileSync(grpcCaFile)) : credentials.createInsecure();
    this.#client = new Client(grpcAddress, channel, {
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 1_000,
      'grpc.keepalive_time_ms': 20_000,
    });
  }

  register(request: RegisterWorkerRequest): Promise<RegisterWorkerResponseOutput> {
    const { path, requestSerialize, responseDeserialize } = methods.RegisterWorker;
    return new Promise((resolve, reject) => {
      const [metadata, options] = [this.#metadata('RegisterWorker'), { deadline: Date.now() + CALL_TIMEOUT_MS }];
      const answered = (error: ServiceError | null, response?: RegisterWorkerResponseOutput) =>
        error === null ? resolve(response as RegisterWorkerResponseOutput) : reject(error);
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, answered);
    });
  }

  heartbeat(request: HeartbeatRequest): Promise<HeartbeatResponseOutput> {
    const { path, requestSerialize, responseDeserialize } = methods.Heartbeat;
    return new Promise((resolve, reject) => {
      const [metadata, options] = [this.#metadata('Heartbeat'), { deadline: Date.now() + CALL_TIMEOUT_MS }];
      const answered = (error: ServiceError | null, response?: HeartbeatResponseOutput) =>
        error === null ? resolve(response as HeartbeatResponseOutput) : reject(error);
      this.#client.makeUnaryRequest(path, requestSerialize, responseDeserialize, request, metadata, options, answered);
    });
  }

  /** Takes batches that are bytes already. */
  reportEventBatches(): EventStream {
    const { path, responseDeserialize } = methods.ReportEventBatches;
    const asItIs = (bytes: Buffer): Buffer => bytes;
    return this.#client.makeBidiStreamRequest(path, asItIs, responseDeserialize, this.#metadata('ReportEventBatches'));
  }

  receiveCommands(): CommandStream {
    const { path, requestSerialize, responseDeserialize } = methods.ReceiveCommands;
    const { workerId, simulationId } = this.#environment;
    const metadata = this.#metadata('ReceiveCommands');
    const request = { workerId, simulationId };
    return this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, request, metadata);
  }

  #metadata(call: CallName): Metadata {
    const metadata = new Metadata();
    const { token } = this.#environment;
    const value = token === undefined ? undefined : this.#behaviour.authorization(token, call);
    if (value !== undefined) metadata.set('authorization', value);
    return metadata;
  }
}

/** How a stream ended, whatever said so first. */
export function endOf(stream: EventStream | CommandStream): Promise<End> {
  return new Promise((resolve) => {
    stream.on('error', (error) => resolve(error as ServiceError));
    stream.on('status', resolve);
  });
}

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
import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { HeartbeatRequest } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatResponse.ts';
import type { RegisterWorkerRequest } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesResponseOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import type { WorkerEnvironment } from './environment.ts';

export type EventStream = ClientDuplexStream<Buffer, ReportEventBatchesResponseOutput>;
export type CommandStream = ClientReadableStream<GenericEventRequestOutput>;

/** An unanswered call ends after this long; Shoal answers these at once, so that more means it is not there. */
const callTimeoutMs = 10_000;

/** The calls of OrchestratorWorkerService that the library makes, with token and TLS; errors are grpc `ServiceError`s. */
export class ServiceClient {
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #methods = loadProtos().tree.fes.orchestration.v1.OrchestratorWorkerService.service;
  readonly #ids: { readonly workerId: string; readonly simulationId: string };

  constructor(environment: WorkerEnvironment) {
    const { grpcAddress, grpcCaFile, token, workerId, simulationId } = environment;
    this.#ids = { workerId, simulationId };
    const channel =
      grpcCaFile === undefined ? credentials.createInsecure() : credentials.createSsl(readFileSync(grpcCaFile));
    this.#client = new Client(grpcAddress, channel, {
      // A worker has nobody else to talk to: look for a Shoal that restarts more often than the default of minutes.
      'grpc.initial_reconnect_backoff_ms': 100,
      'grpc.max_reconnect_backoff_ms': 2_000,
      'grpc.keepalive_time_ms': 20_000,
    });
    if (token !== undefined) this.#metadata.set('authorization', `Bearer ${token}`);
  }

  register(request: RegisterWorkerRequest): Promise<RegisterWorkerResponseOutput> {
    return this.#unary(this.#methods.RegisterWorker, { ...request, ...this.#ids });
  }

  heartbeat(request: HeartbeatRequest): Promise<HeartbeatResponseOutput> {
    return this.#unary(this.#methods.Heartbeat, { ...request, ...this.#ids });
  }

  /** Takes batches that are serialised already. */
  reportEventBatches(): EventStream {
    const { path, responseDeserialize } = this.#methods.ReportEventBatches;
    return this.#client.makeBidiStreamRequest(path, asItIs, responseDeserialize, this.#metadata, {});
  }

  receiveCommands(): CommandStream {
    const { path, requestSerialize, responseDeserialize } = this.#methods.ReceiveCommands;
    return this.#client.makeServerStreamRequest(
      path,
      requestSerialize,
      responseDeserialize,
      this.#ids,
      this.#metadata,
      {},
    );
  }

  close(): void {
    this.#client.close();
  }

  #unary<Request, Response>(method: UnaryMethod<Request, Response>, request: Request): Promise<Response> {
    const { path, requestSerialize, responseDeserialize } = method;
    const options = { deadline: Date.now() + callTimeoutMs };
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest<Request, Response>(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.#metadata,
        options,
        (error, response) => (error === null ? resolve(response as Response) : reject(error)),
      );
    });
  }
}

/** Why a stream ended, whatever event said it first: the status, an OK one included. */
export function streamEnd(stream: EventStream | CommandStream): Promise<StatusObject | ServiceError> {
  return new Promise((resolve) => {
    stream.on('error', resolve);
    stream.on('status', resolve);
  });
}

interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

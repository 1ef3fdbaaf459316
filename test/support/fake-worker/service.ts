import { Client, type ClientDuplexStream, credentials, Metadata } from '@grpc/grpc-js';
import type { CommandAck } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import type { FakeWorkerScript } from './script.ts';

const { OrchestratorWorkerService, CommandAck: Ack } = loadProtos().tree.fes.orchestration.v1;
const { GenericEventRequest } = loadProtos().tree.fes.common.events;
const methods = OrchestratorWorkerService.service;

export type Answers = { readonly processed?: string; readonly sequence?: string };
export type ReportStream = ClientDuplexStream<Buffer, Answers>;

/** The calls of the worker service, made by hand: what a worker library would check, this one does not. */
export class Service {
  readonly ids: { readonly workerId: string; readonly simulationId: string };
  readonly #client: Client;
  readonly #metadata = new Metadata();
  readonly #script: FakeWorkerScript;

  constructor(script: FakeWorkerScript, env: NodeJS.ProcessEnv) {
    this.#script = script;
    this.#client = new Client(String(env['SHOAL_GRPC_ADDRESS']), credentials.createInsecure());
    this.ids = {
      workerId: script.lie?.worker_id ?? String(env['SHOAL_WORKER_ID']),
      simulationId: script.lie?.simulation_id ?? String(env['SHOAL_SIMULATION_ID']),
    };
    const token = script.lie?.token ?? env['SHOAL_WORKER_TOKEN'];
    if (token) this.#metadata.set('authorization', `Bearer ${token}`);
  }

  register() {
    const supportedCommands = [...(this.#script.supported_commands ?? [])];
    return this.#unary(methods.RegisterWorker, {
      ...this.ids,
      sdk: 'fake-worker/1',
      pid: process.pid,
      supportedCommands,
    });
  }

  heartbeat(tick: number) {
    return this.#unary(methods.Heartbeat, { ...this.ids, tick });
  }

  reportEvent(bytes: Buffer) {
    return this.#unary({ ...methods.ReportEvent, requestSerialize: asItIs }, bytes);
  }

  acknowledge(commandId: string, ack: CommandAck) {
    return this.reportEvent(
      GenericEventRequest.serialize({
        eventTypeKey: 'worker.command_ack.v1',
        correlationId: commandId,
        eventPayload: Ack.serialize(ack),
      }),
    );
  }

  report(kind: 'batches' | 'stream'): ReportStream {
    const method = kind === 'batches' ? methods.ReportEventBatches : methods.ReportEventStream;
    return this.#client.makeBidiStreamRequest(
      method.path,
      asItIs,
      method.responseDeserialize as (bytes: Buffer) => Answers,
      this.#metadata,
    );
  }

  receiveCommands() {
    const { path, requestSerialize, responseDeserialize } = methods.ReceiveCommands;
    return this.#client.makeServerStreamRequest(path, requestSerialize, responseDeserialize, this.ids, this.#metadata);
  }

  #unary<Request, Response>(
    { path, requestSerialize, responseDeserialize }: UnaryMethod<Request, Response>,
    request: Request,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      this.#client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        this.#metadata,
        (error, response) => (error === null ? resolve(response as Response) : reject(error)),
      );
    });
  }
}

interface UnaryMethod<Request, Response> {
  readonly path: string;
  readonly requestSerialize: (request: Request) => Buffer;
  readonly responseDeserialize: (bytes: Buffer) => Response;
}

function asItIs(bytes: Buffer): Buffer {
  return bytes;
}

import type { JsonValue } from '@bufbuild/protobuf';
import { type CallOptions, Client, connectivityState, credentials, type ServiceError } from '@grpc/grpc-js';
import type { MethodDefinition } from '@grpc/proto-loader';
import type { OrchestratorAdminServiceDefinition } from '../adapters/grpc/generated/fes/orchestration/v1/OrchestratorAdminService.ts';
import type { OrchestratorClientServiceDefinition } from '../adapters/grpc/generated/fes/orchestration/v1/OrchestratorClientService.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import { isLoopback, parseListenAddress } from '../adapters/yaml/listen-address.ts';
import { rpcError, silent } from './rpc-error.ts';

type Definitions = OrchestratorClientServiceDefinition & OrchestratorAdminServiceDefinition;
type UnaryMethod =
  | 'StartSimulation'
  | 'ControlSimulation'
  | 'ControlSimulations'
  | 'GetSimulationStatus'
  | 'ListSimulations'
  | 'RemoveSimulation'
  | 'ListWorkerTypes'
  | 'GetInfo'
  | 'Drain'
  | 'Undrain';
type StreamMethod = 'SubscribeToEvents' | 'ReadWorkerOutput' | 'WatchSimulations';
type RequestOf<Method extends UnaryMethod | StreamMethod> =
  Definitions[Method] extends MethodDefinition<infer Request, infer _R, infer _Q, infer _S> ? Request : never;
type ResponseOf<Method extends UnaryMethod | StreamMethod> =
  Definitions[Method] extends MethodDefinition<infer _Q, infer _R, infer _P, infer Response> ? Response : never;

/** One message from the daemon: typed for tables, and as the JSON of exactly the bytes that came. */
export interface Answer<Message> {
  readonly message: Message;
  json(): Promise<JsonValue>;
}

/** A daemon that says nothing for this long is not there; commands that wait for a worker set their own time. */
const DEADLINE_MS = 30_000;
/** A daemon that hangs is noticed by the pings that it does not answer, however long a call may take. */
const PING_EVERY_MS = 10_000;
const PING_TIMEOUT_MS = 5_000;
const CONNECT_MS = 10_000;
const MAX_RECEIVE_BYTES = 64 * 1024 * 1024;

/** A client of one daemon. Failures come as CliError, with the exit code that they deserve. */
export class DaemonClient {
  readonly address: string;
  readonly #signal: AbortSignal;
  readonly #client: Client;
  #reached = false;

  /** @param signal ends all calls */
  constructor(address: string, signal: AbortSignal) {
    this.address = address;
    this.#signal = signal;
    this.#client = new Client(address, credentials.createInsecure(), {
      'grpc.keepalive_time_ms': PING_EVERY_MS,
      'grpc.keepalive_timeout_ms': PING_TIMEOUT_MS,
      'grpc.max_receive_message_length': MAX_RECEIVE_BYTES,
      // A proxy for the internet does not lead to this machine.
      'grpc.enable_http_proxy': isLoopback(parseListenAddress(address)?.host ?? '') ? 0 : 1,
    });
  }

  /** @param timeoutMs default 30 s; Infinity: as long as the daemon takes */
  async call<Method extends UnaryMethod>(
    name: Method,
    request: RequestOf<Method>,
    { timeoutMs = DEADLINE_MS }: { timeoutMs?: number } = {},
  ): Promise<Answer<ResponseOf<Method>>> {
    await this.#connect();
    const method = methodOf(name);
    const options: CallOptions = Number.isFinite(timeoutMs) ? { deadline: Date.now() + timeoutMs } : {};
    return new Promise((resolve, reject) => {
      const call = this.#client.makeUnaryRequest(
        method.path,
        method.requestSerialize,
        asBytes,
        request,
        options,
        (error, bytes) => {
          this.#signal.removeEventListener('abort', cancel);
          if (error === null && bytes !== undefined) resolve(answer(method, bytes));
          else reject(this.#failure(error as ServiceError));
        },
      );
      const cancel = (): void => call.cancel();
      this.#signal.addEventListener('abort', cancel);
      if (this.#signal.aborted) cancel();
    });
  }

  /** Until the daemon ends the stream; a loop that is left early cancels it. */
  async *stream<Method extends StreamMethod>(
    name: Method,
    request: RequestOf<Method>,
  ): AsyncGenerator<Answer<ResponseOf<Method>>> {
    await this.#connect();
    const method = methodOf(name);
    const stream = this.#client.makeServerStreamRequest(method.path, method.requestSerialize, asBytes, request, {});
    // What is cancelled here fails once more, when nobody listens.
    stream.on('error', () => {});
    const cancel = (): void => stream.cancel();
    this.#signal.addEventListener('abort', cancel);
    if (this.#signal.aborted) cancel();
    try {
      for await (const bytes of stream) yield answer(method, bytes as Buffer);
    } catch (error) {
      throw this.#failure(error as ServiceError);
    } finally {
      this.#signal.removeEventListener('abort', cancel);
      stream.cancel();
    }
  }

  close(): void {
    this.#client.close();
  }

  /** Bounds what gRPC leaves open: a listener that accepts and never says a word. A refusal is left for the call to tell. */
  async #connect(): Promise<void> {
    const channel = this.#client.getChannel();
    const deadline = Date.now() + CONNECT_MS;
    for (;;) {
      const state = channel.getConnectivityState(true);
      this.#reached ||= state === connectivityState.READY;
      if (state !== connectivityState.IDLE && state !== connectivityState.CONNECTING) return;
      await new Promise<void>((resolve, reject) => {
        const interrupted = () => reject(this.#signal.reason);
        this.#signal.addEventListener('abort', interrupted, { once: true });
        channel.watchConnectivityState(state, deadline, (error) => {
          this.#signal.removeEventListener('abort', interrupted);
          if (error === undefined) resolve();
          else reject(silent(this.address, CONNECT_MS));
        });
      });
    }
  }

  #failure(error: ServiceError): Error {
    return rpcError(error, { address: this.address, reached: this.#reached });
  }
}

type AnyMethod<Name extends UnaryMethod | StreamMethod> = MethodDefinition<
  RequestOf<Name>,
  unknown,
  unknown,
  ResponseOf<Name>
>;

function methodOf<Name extends UnaryMethod | StreamMethod>(name: Name): AnyMethod<Name> {
  const { OrchestratorClientService, OrchestratorAdminService } = loadProtos().tree.fes.orchestration.v1;
  const methods = { ...OrchestratorClientService.service, ...OrchestratorAdminService.service };
  return methods[name] as unknown as AnyMethod<Name>;
}

function answer<Message>(
  { path, responseDeserialize }: { path: string; responseDeserialize: (bytes: Buffer) => Message },
  bytes: Buffer,
): Answer<Message> {
  const json = async () => (await import('./proto-json.ts')).answerJson(path, bytes);
  return { message: responseDeserialize(bytes), json };
}

function asBytes(bytes: Buffer): Buffer {
  return bytes;
}

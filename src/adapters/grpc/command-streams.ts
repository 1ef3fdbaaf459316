import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import type { WorkerId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import type { CommandChannel, Delivery } from '../../ports/command-channel.ts';
import { bearerToken, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { ReceiveCommandsRequestOutput } from './generated/fes/orchestration/v1/ReceiveCommandsRequest.ts';

/** Bytes of commands that a worker's stream may hold unread; beyond it the worker counts as unreachable. */
const MAX_UNREAD_BYTES = 16 * 1024 * 1024;
/** A stream whose worker does not read takes no more bytes: whoever waits for that is told so after this time. */
const DELIVERY_TIMEOUT_MS = 5_000;

type CommandStream = ServerWritableStream<ReceiveCommandsRequestOutput, Uint8Array>;

interface OpenStream {
  readonly call: CommandStream;
  /** Fails the deliveries under way. */
  readonly underWay: Set<() => void>;
  unreadBytes: number;
}

/** The ReceiveCommands call, and the command channel that leads through it. One stream a worker: a second replaces the first. */
export class CommandStreams implements CommandChannel {
  readonly #streams = new Map<WorkerId, OpenStream>();
  readonly #authentication: WorkerAuthentication;
  readonly #onFailure: FailureListener;

  constructor(authentication: WorkerAuthentication, onFailure: FailureListener) {
    this.#authentication = authentication;
    this.#onFailure = onFailure;
  }

  has(workerId: WorkerId): boolean {
    return this.#streams.has(workerId);
  }

  async deliver(workerId: WorkerId, envelope: Uint8Array): Promise<Delivery> {
    const stream = this.#streams.get(workerId);
    if (stream === undefined || !hasRoom(stream, envelope)) return 'unreachable';
    return new Promise((resolve) => {
      const settle = (delivery: Delivery): void => {
        clearTimeout(timer);
        stream.underWay.delete(fail);
        resolve(delivery);
      };
      const fail = (): void => settle('in doubt');
      const timer = setTimeout(fail, DELIVERY_TIMEOUT_MS);
      stream.underWay.add(fail);
      this.#write(stream, envelope, () => settle('delivered'));
    });
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    const stream = this.#streams.get(workerId);
    if (stream !== undefined && hasRoom(stream, envelope)) this.#write(stream, envelope, () => {});
  }

  receiveCommands(): handleServerStreamingCall<ReceiveCommandsRequestOutput, Uint8Array> {
    return (call) => {
      try {
        this.#open(call);
      } catch (thrown) {
        this.#onFailure('ReceiveCommands', thrown);
        call.emit('error', toGrpcFailure(thrown));
      }
    };
  }

  #open(call: CommandStream): void {
    const token = bearerToken(call.metadata);
    const { workerId, simulationId } = call.request;
    const worker = this.#authentication.authenticate({
      claimedWorkerId: workerId,
      ...(token === undefined ? {} : { token }),
    });
    this.#authentication.demandSimulation(worker, simulationId);
    const before = this.#streams.get(worker.id);
    const stream: OpenStream = { call, underWay: new Set(), unreadBytes: 0 };
    this.#streams.set(worker.id, stream);
    if (before !== undefined) {
      this.#end(before, new ShoalError('REVISION_CONFLICT', 'a newer ReceiveCommands of the same worker took over'));
    }
    const revoked = (): void => {
      close();
      this.#end(stream, new ShoalError('UNAUTHENTICATED', 'the token has ended with its worker'));
    };
    const close = (): void => {
      worker.revoked.removeEventListener('abort', revoked);
      if (this.#streams.get(worker.id) === stream) this.#streams.delete(worker.id);
      for (const fail of stream.underWay) fail();
    };
    worker.revoked.addEventListener('abort', revoked);
    call.on('cancelled', close);
    call.on('close', close);
    call.sendMetadata(new Metadata());
  }

  #end({ call }: OpenStream, error: ShoalError): void {
    if (!call.cancelled) call.emit('error', toGrpcFailure(error));
  }

  #write(stream: OpenStream, envelope: Uint8Array, written: () => void): void {
    stream.unreadBytes += envelope.length;
    stream.call.write(envelope, () => {
      stream.unreadBytes -= envelope.length;
      written();
    });
  }
}

/** One command fits always, however large. */
function hasRoom({ unreadBytes }: OpenStream, envelope: Uint8Array): boolean {
  return unreadBytes === 0 || unreadBytes + envelope.length <= MAX_UNREAD_BYTES;
}

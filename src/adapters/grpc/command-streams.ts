import { type handleServerStreamingCall, Metadata, type ServerWritableStream } from '@grpc/grpc-js';
import type { WorkerId } from '../../domain/ids.ts';
import { ShoalError } from '../../domain/shoal-error.ts';
import type { WorkerAuthentication } from '../../domain/supervision/worker-authentication.ts';
import type { CommandChannel, Delivery } from '../../ports/command-channel.ts';
import { bearerToken, type FailureListener } from './calls.ts';
import { toGrpcFailure } from './error-mapper.ts';
import type { ReceiveCommandsRequestOutput } from './generated/fes/orchestration/v1/ReceiveCommandsRequest.ts';

/** Commands that a worker's stream may hold unread; beyond it the worker counts as unreachable. */
const MAX_UNREAD = 1_024;

type CommandStream = ServerWritableStream<ReceiveCommandsRequestOutput, Uint8Array>;

interface OpenStream {
  readonly call: CommandStream;
  unread: number;
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
    if (stream === undefined || stream.unread >= MAX_UNREAD) return 'unreachable';
    return new Promise((resolve) => {
      stream.call.once('cancelled', () => resolve('unreachable'));
      this.#write(stream, envelope, () => resolve('delivered'));
    });
  }

  post(workerId: WorkerId, envelope: Uint8Array): void {
    const stream = this.#streams.get(workerId);
    if (stream !== undefined && stream.unread < MAX_UNREAD) this.#write(stream, envelope, () => {});
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
    this.#streams.set(worker.id, { call, unread: 0 });
    if (before !== undefined)
      this.#end(
        before.call,
        new ShoalError('REVISION_CONFLICT', 'a newer ReceiveCommands of the same worker took over'),
      );
    const close = (): void => {
      if (this.#streams.get(worker.id)?.call === call) this.#streams.delete(worker.id);
    };
    call.on('cancelled', close);
    call.on('close', close);
    worker.revoked.addEventListener('abort', () => {
      close();
      this.#end(call, new ShoalError('UNAUTHENTICATED', 'the token has ended with its worker'));
    });
    call.sendMetadata(new Metadata());
  }

  #end(call: CommandStream, error: ShoalError): void {
    if (!call.cancelled) call.emit('error', toGrpcFailure(error));
  }

  #write(stream: OpenStream, envelope: Uint8Array, written: () => void): void {
    stream.unread += 1;
    stream.call.write(envelope, () => {
      stream.unread -= 1;
      written();
    });
  }
}

import { type Metadata, Metadata as NewMetadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import type { GenericEventRequest } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { HeartbeatRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { RegisterWorkerRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import { Connections } from './connections.ts';
import { EventDesk } from './event-desk.ts';
import { type CommandCall, examinerService, examinerServiceDefinition } from './examiner-service.ts';
import type { Observations, SeenCommandStream } from './observations.ts';

interface OpenCommandStream {
  readonly call: CommandCall;
  readonly seen: SeenCommandStream;
}

/** What an acknowledged batch may have at most; larger ones are seen all the same. */
const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;

/**
 * Plays the worker service for one worker. It enforces nothing: what the worker does wrong is recorded, and left to the checks,
 * so that one fault does not look like many.
 */
export class Examiner {
  readonly events: EventDesk;
  /** What RegisterWorker is answered; may be changed at any time. */
  terms: RegisterWorkerResponse;
  /** RegisterWorker is refused with this status. */
  refusal: status | undefined;
  readonly #record: Observations;
  readonly #headersDelayMs: number;
  readonly #server = new Server({
    'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
    'grpc.max_send_message_length': MAX_MESSAGE_BYTES,
  });
  readonly #connections: Connections;
  #commands: OpenCommandStream | undefined;
  #registrations = 0;

  constructor(record: Observations, terms: RegisterWorkerResponse, headersDelayMs: number) {
    this.#record = record;
    this.#headersDelayMs = headersDelayMs;
    this.terms = terms;
    this.events = new EventDesk(record);
    const injector = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    this.#connections = new Connections((socket) => injector.injectConnection(socket));
    this.#server.addService(examinerServiceDefinition(), examinerService(this.#handlers()));
  }

  /** `host:port` for the worker; once it has started. */
  get address(): string {
    return this.#connections.address;
  }

  async start(): Promise<void> {
    await this.#connections.listen();
  }

  async stop(): Promise<void> {
    await this.#connections.leave();
    this.#server.forceShutdown();
  }

  /** Breaks every connection, as a network does. */
  cut(): void {
    this.#record.cutAtMs ??= this.#record.nowMs();
    this.#record.note('the connection was cut');
    this.#connections.cut();
  }

  /** Nobody listens any more. */
  async goAway(): Promise<void> {
    this.#record.cutAtMs ??= this.#record.nowMs();
    this.#record.note('the server went away');
    await this.#connections.leave();
  }

  /** Listens again, on the same port. */
  async comeBack(): Promise<void> {
    await this.#connections.listen();
    this.#record.note('the server came back');
  }

  /** @returns whether a ReceiveCommands stream is open that it went to */
  send(envelope: GenericEventRequest): boolean {
    if (this.#commands === undefined) return false;
    this.#commands.call.write(envelope);
    return true;
  }

  /** Ends ReceiveCommands as a daemon does whose worker has opened another. */
  endCommands(code: status, details: string): void {
    const open = this.#commands;
    if (open === undefined) return;
    this.#record.note(`ReceiveCommands was ended with ${status[code]}`);
    this.#endCommands(open, code, details);
  }

  #handlers() {
    return {
      called: (method: string, metadata: Metadata) => {
        const [authorization] = metadata.get('authorization');
        this.#record.calls.push({ atMs: this.#record.nowMs(), method, authorization: authorization?.toString() });
      },
      registerWorker: (request: RegisterWorkerRequestOutput) => this.#register(request),
      heartbeat: (request: HeartbeatRequestOutput) => this.#heartbeat(request),
      receiveCommands: (call: CommandCall) => this.#receiveCommands(call),
      openEvents: this.events.open.bind(this.events),
    };
  }

  #register(request: RegisterWorkerRequestOutput): RegisterWorkerResponse | status {
    const accepted = this.refusal === undefined;
    this.#record.registrations.push({ atMs: this.#record.nowMs(), request, accepted });
    const answer = this.refusal === undefined ? 'accepted' : `answered ${status[this.refusal]}`;
    this.#record.note(`RegisterWorker, ${answer}`);
    if (this.refusal !== undefined) return this.refusal;
    this.#registrations += 1;
    return { ...this.terms, resumed: this.#registrations > 1 };
  }

  #heartbeat(request: HeartbeatRequestOutput) {
    const tick = Number(request.tick);
    this.#record.heartbeats.push({ atMs: this.#record.nowMs(), request, tick });
    this.#record.note(`heartbeat, tick ${tick}, ${request.state.replace('SIMULATION_STATE_', '')}`);
    const { heartbeatIntervalMs, desiredState } = this.terms;
    return {
      ...(heartbeatIntervalMs === undefined ? {} : { heartbeatIntervalMs }),
      ...(desiredState === undefined ? {} : { desiredState }),
    };
  }

  #receiveCommands(call: CommandCall): void {
    const { workerId, simulationId } = call.request;
    const seen: SeenCommandStream = { atMs: this.#record.nowMs(), workerId, simulationId };
    const open = { call, seen };
    const before = this.#commands;
    this.#commands = open;
    this.#record.commandStreams.push(seen);
    this.#record.note('ReceiveCommands was opened');
    call.on('cancelled', () => this.#commandsEnded(open));
    call.on('error', () => this.#commandsEnded(open));
    if (before !== undefined) this.#endCommands(before, status.ABORTED, 'a newer ReceiveCommands took over');
    setTimeout(() => {
      if (seen.endedAtMs !== undefined) return;
      seen.headersAtMs = this.#record.nowMs();
      call.sendMetadata(new NewMetadata());
      this.#record.changed();
    }, this.#headersDelayMs);
  }

  #endCommands(open: OpenCommandStream, code: status, details: string): void {
    this.#commandsEnded(open);
    open.call.emit('error', { code, details, metadata: new NewMetadata() });
  }

  #commandsEnded(open: OpenCommandStream): void {
    open.seen.endedAtMs ??= this.#record.nowMs();
    if (this.#commands === open) this.#commands = undefined;
    this.#record.changed();
  }
}

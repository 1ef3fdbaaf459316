import {
  Metadata,
  Server,
  ServerCredentials,
  type ServerDuplexStream,
  type ServerWritableStream,
  status,
} from '@grpc/grpc-js';
import type {
  GenericEventRequest,
  GenericEventRequestOutput,
} from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { CommandAckOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import type { HeartbeatRequestOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { OrchestratorWorkerServiceHandlers } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/OrchestratorWorkerService.ts';
import type { ReceiveCommandsRequestOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReceiveCommandsRequest.ts';
import type { RegisterWorkerRequestOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { RejectedEvent } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/RejectedEvent.ts';
import type { ReportEventBatchesRequestOutput } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesRequest.ts';
import type { ReportEventBatchesResponse } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { Changes } from './changes.ts';

const { OrchestratorWorkerService } = loadProtos().tree.fes.orchestration.v1;
const { CommandAck } = loadProtos().tree.fes.orchestration.v1;

/** One ReportEventBatches call, as the service saw it. */
export interface FakeEventStream {
  readonly batches: ReportEventBatchesRequestOutput[];
  /** The client has said that no more comes. */
  halfClosed: boolean;
  acknowledge(sequence: number, rejected?: RejectedEvent[]): void;
  cut(code: status): void;
}

/**
 * The worker service of contract section 2 on a real gRPC server, doing only what the test says: acknowledges when
 * told (or at once, with `acknowledgesAtOnce`), cuts streams, refuses calls, sends commands.
 */
export class FakeWorkerService extends Changes {
  registration: RegisterWorkerResponse = {
    commandTransport: 'grpc',
    maxBatchEvents: 10,
    maxEventBytes: 1_000_000,
    maxBatchBytes: 3_000_000,
    maxInFlightBatches: 4,
    desiredState: 'SIMULATION_STATE_RUNNING',
    incarnation: 1,
  };
  acknowledgesAtOnce = true;
  /** Done before a registration is answered. */
  beforeRegistered: () => Promise<void> = () => Promise.resolve();
  /** The code each further registration, heartbeat or command stream is refused with. */
  refusesWith: status | undefined;
  readonly calls: string[] = [];
  readonly authorizations = new Set<string>();
  readonly registrations: RegisterWorkerRequestOutput[] = [];
  readonly heartbeats: HeartbeatRequestOutput[] = [];
  readonly streams: FakeEventStream[] = [];
  readonly acks: { readonly commandId: string; readonly ack: CommandAckOutput }[] = [];
  #commandStreams: ServerWritableStream<ReceiveCommandsRequestOutput, GenericEventRequest>[] = [];
  #server = new Server();
  #port = 0;

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  /** All events ever received, resent ones again, in order. */
  get received(): GenericEventRequestOutput[] {
    return this.streams.flatMap(({ batches }) => batches.flatMap(({ events }) => events));
  }

  /** On the port it had before, if it had one. */
  async start(): Promise<void> {
    this.#server = new Server();
    this.#server.addService(OrchestratorWorkerService.service, this.#handlers());
    this.#port = await new Promise<number>((resolve, reject) => {
      this.#server.bindAsync(`127.0.0.1:${this.#port}`, ServerCredentials.createInsecure(), (error, port) =>
        error === null ? resolve(port) : reject(error),
      );
    });
  }

  /** All connections are cut. */
  stop(): void {
    this.#commandStreams = [];
    this.#server.forceShutdown();
  }

  sendCommand(key: string, id: string, payload: Buffer = Buffer.alloc(0)): void {
    this.#commandStreams.at(-1)?.write({ eventId: id, eventTypeKey: key, eventPayload: payload });
  }

  endCommands(code: status): void {
    this.#commandStreams.at(-1)?.emit('error', { code, details: 'as the test says' });
  }

  #handlers(): OrchestratorWorkerServiceHandlers {
    const refused = (code: status) => ({ code, details: 'as the test says' });
    const unimplemented = { code: status.UNIMPLEMENTED, details: '' };
    return {
      RegisterWorker: ({ request, metadata }, answer) => {
        this.#note('RegisterWorker', metadata);
        if (this.refusesWith !== undefined) return answer(refused(this.refusesWith));
        void this.beforeRegistered().then(() => {
          this.registrations.push(request);
          answer(null, { ...this.registration, resumed: this.registrations.length > 1 });
          this.changed();
        });
      },
      Heartbeat: ({ request, metadata }, answer) => {
        this.#note('Heartbeat', metadata);
        if (this.refusesWith !== undefined) return answer(refused(this.refusesWith));
        this.heartbeats.push(request);
        const { desiredState, heartbeatIntervalMs } = this.registration;
        answer(null, { desiredState, heartbeatIntervalMs });
        this.changed();
      },
      ReceiveCommands: (call) => {
        this.#note('ReceiveCommands', call.metadata);
        if (this.refusesWith !== undefined) return void call.emit('error', refused(this.refusesWith));
        this.#commandStreams.push(call);
        call.sendMetadata(new Metadata());
        this.changed();
      },
      ReportEventBatches: (call) => this.#eventStream(call),
      ReportEvent: (_, answer) => answer(unimplemented),
      ReportEventStream: (call) => void call.emit('error', unimplemented),
    };
  }

  #eventStream(call: ServerDuplexStream<ReportEventBatchesRequestOutput, ReportEventBatchesResponse>): void {
    this.#note('ReportEventBatches', call.metadata);
    const stream: FakeEventStream = {
      batches: [],
      halfClosed: false,
      acknowledge: (sequence, rejected = []) => call.write({ sequence, rejected }),
      cut: (code) => call.emit('error', { code, details: 'as the test says' }),
    };
    this.streams.push(stream);
    call.on('data', (batch: ReportEventBatchesRequestOutput) => {
      stream.batches.push(batch);
      for (const event of batch.events) {
        if (event.eventTypeKey !== 'worker.command_ack.v1') continue;
        this.acks.push({ commandId: event.correlationId, ack: CommandAck.deserialize(event.eventPayload) });
      }
      if (this.acknowledgesAtOnce) stream.acknowledge(Number(batch.sequence));
      this.changed();
    });
    call.on('end', () => {
      stream.halfClosed = true;
      call.end();
      this.changed();
    });
    call.on('error', () => this.changed());
    this.changed();
  }

  #note(call: string, metadata: Metadata): void {
    this.calls.push(call);
    this.authorizations.add(String(metadata.get('authorization')[0]));
    this.changed();
  }
}

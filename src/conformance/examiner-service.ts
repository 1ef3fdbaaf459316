import {
  type Metadata,
  type MethodDefinition,
  type ServerDuplexStream,
  type ServerUnaryCall,
  type ServerWritableStream,
  type ServiceDefinition,
  type sendUnaryData,
  status,
  type UntypedServiceImplementation,
} from '@grpc/grpc-js';
import type {
  GenericEventRequest,
  GenericEventRequestOutput,
} from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { HeartbeatRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponse } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatResponse.ts';
import type { ReceiveCommandsRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ReceiveCommandsRequest.ts';
import type { RegisterWorkerRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { RejectedEvent } from '../adapters/grpc/generated/fes/orchestration/v1/RejectedEvent.ts';
import type { ReportEventBatchesRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesRequest.ts';
import type { ReportEventBatchesResponse } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse } from '../adapters/grpc/generated/fes/orchestration/v1/ReportEventStreamResponse.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import type { EventStreamDesk, Reply } from './event-desk.ts';

/** A message and how long it was on the wire. */
interface Sized<Message> {
  readonly message: Message;
  readonly bytes: number;
}

/** A call whose connection breaks ends like one that is half-closed; by then it shows that it was cancelled. */
const BROKEN_MS = 30;

export type CommandCall = ServerWritableStream<ReceiveCommandsRequestOutput, GenericEventRequest>;

/** What an examiner does with the calls of the worker service. */
export interface ServiceHandlers {
  /** Hears of each call before anything else. */
  called(method: string, metadata: Metadata): void;
  /** @returns the answer, or the status to refuse with */
  registerWorker(request: RegisterWorkerRequestOutput): RegisterWorkerResponse | status;
  heartbeat(request: HeartbeatRequestOutput): HeartbeatResponse;
  receiveCommands(call: CommandCall): void;
  openEvents(kind: 'batches' | 'events' | 'single', reply: Reply): EventStreamDesk;
}

type BatchesCall = ServerDuplexStream<Sized<ReportEventBatchesRequestOutput>, ReportEventBatchesResponse>;
type EventsCall = ServerDuplexStream<Sized<GenericEventRequestOutput>, ReportEventStreamResponse>;
type SingleCall = ServerUnaryCall<Sized<GenericEventRequestOutput>, ReportEventResponse>;

/** OrchestratorWorkerService as an examiner sees it: every call, and the sizes of what reports events. */
export function examinerServiceDefinition(): ServiceDefinition {
  const { service } = loadProtos().tree.fes.orchestration.v1.OrchestratorWorkerService;
  const sized = ({ requestDeserialize }: MethodDefinition<unknown, unknown>) => ({
    requestDeserialize: (bytes: Buffer) => ({ message: requestDeserialize(bytes), bytes: bytes.length }),
  });
  const methods = service as unknown as { [method: string]: MethodDefinition<unknown, unknown> };
  const reporting = ['ReportEvent', 'ReportEventStream', 'ReportEventBatches'].map((name) => {
    const method = methods[name] as MethodDefinition<unknown, unknown>;
    return [name, { ...method, ...sized(method) }];
  });
  return { ...methods, ...Object.fromEntries(reporting) } as unknown as ServiceDefinition;
}

export function examinerService(handlers: ServiceHandlers): UntypedServiceImplementation {
  return {
    registerWorker: (
      call: ServerUnaryCall<RegisterWorkerRequestOutput, RegisterWorkerResponse>,
      answer: sendUnaryData<RegisterWorkerResponse>,
    ) => {
      handlers.called('RegisterWorker', call.metadata);
      const response = handlers.registerWorker(call.request);
      if (typeof response === 'number') answer({ code: response, details: 'refused by the examiner' });
      else answer(null, response);
    },
    heartbeat: (
      call: ServerUnaryCall<HeartbeatRequestOutput, HeartbeatResponse>,
      answer: sendUnaryData<HeartbeatResponse>,
    ) => {
      handlers.called('Heartbeat', call.metadata);
      answer(null, handlers.heartbeat(call.request));
    },
    receiveCommands: (call: CommandCall) => {
      handlers.called('ReceiveCommands', call.metadata);
      handlers.receiveCommands(call);
    },
    reportEventBatches: (call: BatchesCall) => {
      handlers.called('ReportEventBatches', call.metadata);
      const desk = handlers.openEvents('batches', batchesReply(call));
      follow(call, desk, ({ message, bytes }) => desk.batch(Number(message.sequence), message.events, bytes));
    },
    reportEventStream: (call: EventsCall) => {
      handlers.called('ReportEventStream', call.metadata);
      const desk = handlers.openEvents('events', eventsReply(call));
      let count = 0;
      follow(call, desk, ({ message, bytes }) => {
        count += 1;
        desk.batch(count, [message], bytes);
      });
    },
    reportEvent: (call: SingleCall, answer: sendUnaryData<ReportEventResponse>) => {
      handlers.called('ReportEvent', call.metadata);
      const desk = handlers.openEvents('single', singleReply(answer));
      call.on('cancelled', () => desk.ended());
      desk.batch(1, [call.request.message], call.request.bytes);
    },
  };
}

function follow<Message>(
  call: ServerDuplexStream<Message, unknown>,
  desk: EventStreamDesk,
  onMessage: (message: Message) => void,
): void {
  call.on('data', onMessage);
  call.on('end', () => setTimeout(() => call.cancelled || desk.halfClosed(), BROKEN_MS));
  call.on('cancelled', () => desk.ended());
  call.on('error', () => desk.ended());
}

function batchesReply(call: BatchesCall): Reply {
  return {
    acknowledge: (sequence, rejected) => void call.write({ sequence, rejected }),
    end: () => call.end(),
  };
}

function eventsReply(call: EventsCall): Reply {
  return {
    acknowledge: (processed, rejected) => void call.write({ processed, rejected: rejected.map(asOfStream) }),
    end: () => call.end(),
  };
}

/** In a stream of events, the index is that in the stream. */
function asOfStream({ batchSequence, ...rejected }: RejectedEvent): RejectedEvent {
  return { ...rejected, index: Number(batchSequence) - 1 };
}

function singleReply(answer: sendUnaryData<ReportEventResponse>): Reply {
  return {
    acknowledge: (_sequence, [rejected]) => {
      if (rejected === undefined) answer(null, { logged: true });
      else answer({ code: status.INVALID_ARGUMENT, details: rejected.message ?? '' });
    },
    end: () => {},
  };
}

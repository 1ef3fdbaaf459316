// Original file: proto/fes/orchestration/v1/worker_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { GenericEventRequest as _fes_common_events_GenericEventRequest, GenericEventRequestOutput as _fes_common_events_GenericEventRequestOutput } from '../../../fes/common/events/GenericEventRequest.ts';
import type { HeartbeatRequest as _fes_orchestration_v1_HeartbeatRequest, HeartbeatRequestOutput as _fes_orchestration_v1_HeartbeatRequestOutput } from '../../../fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponse as _fes_orchestration_v1_HeartbeatResponse, HeartbeatResponseOutput as _fes_orchestration_v1_HeartbeatResponseOutput } from '../../../fes/orchestration/v1/HeartbeatResponse.ts';
import type { ReceiveCommandsRequest as _fes_orchestration_v1_ReceiveCommandsRequest, ReceiveCommandsRequestOutput as _fes_orchestration_v1_ReceiveCommandsRequestOutput } from '../../../fes/orchestration/v1/ReceiveCommandsRequest.ts';
import type { RegisterWorkerRequest as _fes_orchestration_v1_RegisterWorkerRequest, RegisterWorkerRequestOutput as _fes_orchestration_v1_RegisterWorkerRequestOutput } from '../../../fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse as _fes_orchestration_v1_RegisterWorkerResponse, RegisterWorkerResponseOutput as _fes_orchestration_v1_RegisterWorkerResponseOutput } from '../../../fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { ReportEventBatchesRequest as _fes_orchestration_v1_ReportEventBatchesRequest, ReportEventBatchesRequestOutput as _fes_orchestration_v1_ReportEventBatchesRequestOutput } from '../../../fes/orchestration/v1/ReportEventBatchesRequest.ts';
import type { ReportEventBatchesResponse as _fes_orchestration_v1_ReportEventBatchesResponse, ReportEventBatchesResponseOutput as _fes_orchestration_v1_ReportEventBatchesResponseOutput } from '../../../fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse as _fes_orchestration_v1_ReportEventResponse, ReportEventResponseOutput as _fes_orchestration_v1_ReportEventResponseOutput } from '../../../fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse as _fes_orchestration_v1_ReportEventStreamResponse, ReportEventStreamResponseOutput as _fes_orchestration_v1_ReportEventStreamResponseOutput } from '../../../fes/orchestration/v1/ReportEventStreamResponse.ts';

/**
 * What workers call, on the worker address. Every call carries metadata `authorization: Bearer TOKEN` with the token
 * that the worker was launched with. An event that names another simulation or worker than its token's, or a key that
 * begins with `orchestrator.`, is PERMISSION_DENIED. A worker that has not registered gets FAILED_PRECONDITION.
 * 
 * Events of one stream are published in order; between streams there is no order. A bad event is rejected by itself and
 * the rest goes on. When a stream ends early, a new one starts and resends all that was not acknowledged.
 */
export interface OrchestratorWorkerServiceClient extends grpc.Client {
  /**
   * Says that the worker is alive, and learns what state it should be in. Optional until first sent; from then on three
   * missed ones mean failed.
   */
  Heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  Heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  Heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  Heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Says that the worker is alive, and learns what state it should be in. Optional until first sent; from then on three
   * missed ones mean failed.
   */
  heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  heartbeat(argument: _fes_orchestration_v1_HeartbeatRequest, callback: grpc.requestCallback<_fes_orchestration_v1_HeartbeatResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Commands to this worker, for workers without NATS. Response headers are sent once it is live. A second call of the
   * same worker replaces the first, which ends ABORTED.
   */
  ReceiveCommands(argument: _fes_orchestration_v1_ReceiveCommandsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_common_events_GenericEventRequestOutput>;
  ReceiveCommands(argument: _fes_orchestration_v1_ReceiveCommandsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_common_events_GenericEventRequestOutput>;
  /**
   * Commands to this worker, for workers without NATS. Response headers are sent once it is live. A second call of the
   * same worker replaces the first, which ends ABORTED.
   */
  receiveCommands(argument: _fes_orchestration_v1_ReceiveCommandsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_common_events_GenericEventRequestOutput>;
  receiveCommands(argument: _fes_orchestration_v1_ReceiveCommandsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_common_events_GenericEventRequestOutput>;
  
  /**
   * Says that the worker is ready; the simulation leaves STARTING. Idempotent for the same worker: a second call is
   * answered with `resumed`. A worker subscribes to its commands first.
   */
  RegisterWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  RegisterWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  RegisterWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  RegisterWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Says that the worker is ready; the simulation leaves STARTING. Idempotent for the same worker: a second call is
   * answered with `resumed`. A worker subscribes to its commands first.
   */
  registerWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  registerWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  registerWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  registerWorker(argument: _fes_orchestration_v1_RegisterWorkerRequest, callback: grpc.requestCallback<_fes_orchestration_v1_RegisterWorkerResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Reports one event; answers after it is routed and, if its route is logged, durable.
   */
  ReportEvent(argument: _fes_common_events_GenericEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  ReportEvent(argument: _fes_common_events_GenericEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  ReportEvent(argument: _fes_common_events_GenericEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  ReportEvent(argument: _fes_common_events_GenericEventRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Reports one event; answers after it is routed and, if its route is logged, durable.
   */
  reportEvent(argument: _fes_common_events_GenericEventRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  reportEvent(argument: _fes_common_events_GenericEventRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  reportEvent(argument: _fes_common_events_GenericEventRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  reportEvent(argument: _fes_common_events_GenericEventRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ReportEventResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Reports events in numbered batches, the fast path; acks are cumulative by batch sequence, and half-close is answered
   * with the last ack, then OK. A gap or a repeat in `sequence` ends the stream with INVALID_ARGUMENT; of a batch over a
   * limit all events are rejected and the stream goes on.
   */
  ReportEventBatches(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesResponseOutput>;
  ReportEventBatches(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesResponseOutput>;
  /**
   * Reports events in numbered batches, the fast path; acks are cumulative by batch sequence, and half-close is answered
   * with the last ack, then OK. A gap or a repeat in `sequence` ends the stream with INVALID_ARGUMENT; of a batch over a
   * limit all events are rejected and the stream goes on.
   */
  reportEventBatches(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesResponseOutput>;
  reportEventBatches(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesResponseOutput>;
  
  /**
   * Reports events one message each; acks are cumulative, and half-close is answered with the last ack, then OK.
   */
  ReportEventStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventStreamResponseOutput>;
  ReportEventStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventStreamResponseOutput>;
  /**
   * Reports events one message each; acks are cumulative, and half-close is answered with the last ack, then OK.
   */
  reportEventStream(metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventStreamResponseOutput>;
  reportEventStream(options?: grpc.CallOptions): grpc.ClientDuplexStream<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventStreamResponseOutput>;
  
}

/**
 * What workers call, on the worker address. Every call carries metadata `authorization: Bearer TOKEN` with the token
 * that the worker was launched with. An event that names another simulation or worker than its token's, or a key that
 * begins with `orchestrator.`, is PERMISSION_DENIED. A worker that has not registered gets FAILED_PRECONDITION.
 * 
 * Events of one stream are published in order; between streams there is no order. A bad event is rejected by itself and
 * the rest goes on. When a stream ends early, a new one starts and resends all that was not acknowledged.
 */
export interface OrchestratorWorkerServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Says that the worker is alive, and learns what state it should be in. Optional until first sent; from then on three
   * missed ones mean failed.
   */
  Heartbeat: grpc.handleUnaryCall<_fes_orchestration_v1_HeartbeatRequestOutput, _fes_orchestration_v1_HeartbeatResponse>;
  
  /**
   * Commands to this worker, for workers without NATS. Response headers are sent once it is live. A second call of the
   * same worker replaces the first, which ends ABORTED.
   */
  ReceiveCommands: grpc.handleServerStreamingCall<_fes_orchestration_v1_ReceiveCommandsRequestOutput, _fes_common_events_GenericEventRequest>;
  
  /**
   * Says that the worker is ready; the simulation leaves STARTING. Idempotent for the same worker: a second call is
   * answered with `resumed`. A worker subscribes to its commands first.
   */
  RegisterWorker: grpc.handleUnaryCall<_fes_orchestration_v1_RegisterWorkerRequestOutput, _fes_orchestration_v1_RegisterWorkerResponse>;
  
  /**
   * Reports one event; answers after it is routed and, if its route is logged, durable.
   */
  ReportEvent: grpc.handleUnaryCall<_fes_common_events_GenericEventRequestOutput, _fes_orchestration_v1_ReportEventResponse>;
  
  /**
   * Reports events in numbered batches, the fast path; acks are cumulative by batch sequence, and half-close is answered
   * with the last ack, then OK. A gap or a repeat in `sequence` ends the stream with INVALID_ARGUMENT; of a batch over a
   * limit all events are rejected and the stream goes on.
   */
  ReportEventBatches: grpc.handleBidiStreamingCall<_fes_orchestration_v1_ReportEventBatchesRequestOutput, _fes_orchestration_v1_ReportEventBatchesResponse>;
  
  /**
   * Reports events one message each; acks are cumulative, and half-close is answered with the last ack, then OK.
   */
  ReportEventStream: grpc.handleBidiStreamingCall<_fes_common_events_GenericEventRequestOutput, _fes_orchestration_v1_ReportEventStreamResponse>;
  
}

export interface OrchestratorWorkerServiceDefinition extends grpc.ServiceDefinition {
  Heartbeat: MethodDefinition<_fes_orchestration_v1_HeartbeatRequest, _fes_orchestration_v1_HeartbeatResponse, _fes_orchestration_v1_HeartbeatRequestOutput, _fes_orchestration_v1_HeartbeatResponseOutput>
  ReceiveCommands: MethodDefinition<_fes_orchestration_v1_ReceiveCommandsRequest, _fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReceiveCommandsRequestOutput, _fes_common_events_GenericEventRequestOutput>
  RegisterWorker: MethodDefinition<_fes_orchestration_v1_RegisterWorkerRequest, _fes_orchestration_v1_RegisterWorkerResponse, _fes_orchestration_v1_RegisterWorkerRequestOutput, _fes_orchestration_v1_RegisterWorkerResponseOutput>
  ReportEvent: MethodDefinition<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventResponse, _fes_common_events_GenericEventRequestOutput, _fes_orchestration_v1_ReportEventResponseOutput>
  ReportEventBatches: MethodDefinition<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesResponse, _fes_orchestration_v1_ReportEventBatchesRequestOutput, _fes_orchestration_v1_ReportEventBatchesResponseOutput>
  ReportEventStream: MethodDefinition<_fes_common_events_GenericEventRequest, _fes_orchestration_v1_ReportEventStreamResponse, _fes_common_events_GenericEventRequestOutput, _fes_orchestration_v1_ReportEventStreamResponseOutput>
}

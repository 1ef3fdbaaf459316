// Original file: proto/fes/orchestration/v1/client_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { ControlSimulationRequest as _fes_orchestration_v1_ControlSimulationRequest, ControlSimulationRequestOutput as _fes_orchestration_v1_ControlSimulationRequestOutput } from '../../../fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponse as _fes_orchestration_v1_ControlSimulationResponse, ControlSimulationResponseOutput as _fes_orchestration_v1_ControlSimulationResponseOutput } from '../../../fes/orchestration/v1/ControlSimulationResponse.ts';
import type { ControlSimulationsRequest as _fes_orchestration_v1_ControlSimulationsRequest, ControlSimulationsRequestOutput as _fes_orchestration_v1_ControlSimulationsRequestOutput } from '../../../fes/orchestration/v1/ControlSimulationsRequest.ts';
import type { ControlSimulationsResponse as _fes_orchestration_v1_ControlSimulationsResponse, ControlSimulationsResponseOutput as _fes_orchestration_v1_ControlSimulationsResponseOutput } from '../../../fes/orchestration/v1/ControlSimulationsResponse.ts';
import type { GetSimulationStatusRequest as _fes_orchestration_v1_GetSimulationStatusRequest, GetSimulationStatusRequestOutput as _fes_orchestration_v1_GetSimulationStatusRequestOutput } from '../../../fes/orchestration/v1/GetSimulationStatusRequest.ts';
import type { GetSimulationStatusResponse as _fes_orchestration_v1_GetSimulationStatusResponse, GetSimulationStatusResponseOutput as _fes_orchestration_v1_GetSimulationStatusResponseOutput } from '../../../fes/orchestration/v1/GetSimulationStatusResponse.ts';
import type { ListSimulationsRequest as _fes_orchestration_v1_ListSimulationsRequest, ListSimulationsRequestOutput as _fes_orchestration_v1_ListSimulationsRequestOutput } from '../../../fes/orchestration/v1/ListSimulationsRequest.ts';
import type { ListSimulationsResponse as _fes_orchestration_v1_ListSimulationsResponse, ListSimulationsResponseOutput as _fes_orchestration_v1_ListSimulationsResponseOutput } from '../../../fes/orchestration/v1/ListSimulationsResponse.ts';
import type { ListWorkerTypesRequest as _fes_orchestration_v1_ListWorkerTypesRequest, ListWorkerTypesRequestOutput as _fes_orchestration_v1_ListWorkerTypesRequestOutput } from '../../../fes/orchestration/v1/ListWorkerTypesRequest.ts';
import type { ListWorkerTypesResponse as _fes_orchestration_v1_ListWorkerTypesResponse, ListWorkerTypesResponseOutput as _fes_orchestration_v1_ListWorkerTypesResponseOutput } from '../../../fes/orchestration/v1/ListWorkerTypesResponse.ts';
import type { ReadWorkerOutputRequest as _fes_orchestration_v1_ReadWorkerOutputRequest, ReadWorkerOutputRequestOutput as _fes_orchestration_v1_ReadWorkerOutputRequestOutput } from '../../../fes/orchestration/v1/ReadWorkerOutputRequest.ts';
import type { ReadWorkerOutputResponse as _fes_orchestration_v1_ReadWorkerOutputResponse, ReadWorkerOutputResponseOutput as _fes_orchestration_v1_ReadWorkerOutputResponseOutput } from '../../../fes/orchestration/v1/ReadWorkerOutputResponse.ts';
import type { RemoveSimulationRequest as _fes_orchestration_v1_RemoveSimulationRequest, RemoveSimulationRequestOutput as _fes_orchestration_v1_RemoveSimulationRequestOutput } from '../../../fes/orchestration/v1/RemoveSimulationRequest.ts';
import type { RemoveSimulationResponse as _fes_orchestration_v1_RemoveSimulationResponse, RemoveSimulationResponseOutput as _fes_orchestration_v1_RemoveSimulationResponseOutput } from '../../../fes/orchestration/v1/RemoveSimulationResponse.ts';
import type { StartSimulationRequest as _fes_orchestration_v1_StartSimulationRequest, StartSimulationRequestOutput as _fes_orchestration_v1_StartSimulationRequestOutput } from '../../../fes/orchestration/v1/StartSimulationRequest.ts';
import type { StartSimulationResponse as _fes_orchestration_v1_StartSimulationResponse, StartSimulationResponseOutput as _fes_orchestration_v1_StartSimulationResponseOutput } from '../../../fes/orchestration/v1/StartSimulationResponse.ts';
import type { SubscribeToEventsRequest as _fes_orchestration_v1_SubscribeToEventsRequest, SubscribeToEventsRequestOutput as _fes_orchestration_v1_SubscribeToEventsRequestOutput } from '../../../fes/orchestration/v1/SubscribeToEventsRequest.ts';
import type { SubscribeToEventsResponse as _fes_orchestration_v1_SubscribeToEventsResponse, SubscribeToEventsResponseOutput as _fes_orchestration_v1_SubscribeToEventsResponseOutput } from '../../../fes/orchestration/v1/SubscribeToEventsResponse.ts';
import type { WatchSimulationsRequest as _fes_orchestration_v1_WatchSimulationsRequest, WatchSimulationsRequestOutput as _fes_orchestration_v1_WatchSimulationsRequestOutput } from '../../../fes/orchestration/v1/WatchSimulationsRequest.ts';
import type { WatchSimulationsResponse as _fes_orchestration_v1_WatchSimulationsResponse, WatchSimulationsResponseOutput as _fes_orchestration_v1_WatchSimulationsResponseOutput } from '../../../fes/orchestration/v1/WatchSimulationsResponse.ts';

/**
 * What user interfaces, scripts and experiment managers call, on the client address. An unknown simulation is NOT_FOUND.
 * Label selectors have the grammar of Kubernetes: `=`, `==`, `!=`, `in`, `notin`, exists. A `request_id` has the scope of
 * the caller and the method and is kept an hour and over restarts: the same id with the same body gets the same answer,
 * with another body INVALID_ARGUMENT.
 */
export interface OrchestratorClientServiceClient extends grpc.Client {
  /**
   * Gives one command to one simulation. With `wait_for_completion` it answers when the worker acknowledged; a refusal by
   * the worker is OK with `completed` and a `code`. Not allowed in this state: FAILED_PRECONDITION; not known to the
   * worker type: UNIMPLEMENTED; no acknowledgement in time: DEADLINE_EXCEEDED; worker gone: UNAVAILABLE.
   */
  ControlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Gives one command to one simulation. With `wait_for_completion` it answers when the worker acknowledged; a refusal by
   * the worker is OK with `completed` and a `code`. Not allowed in this state: FAILED_PRECONDITION; not known to the
   * worker type: UNIMPLEMENTED; no acknowledgement in time: DEADLINE_EXCEEDED; worker gone: UNAVAILABLE.
   */
  controlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  controlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  controlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  controlSimulation(argument: _fes_orchestration_v1_ControlSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Gives one command to many simulations at once, in lockstep; answers when all acknowledged or timed out, with a result
   * for each. Neither ids nor a selector: INVALID_ARGUMENT.
   */
  ControlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ControlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Gives one command to many simulations at once, in lockstep; answers when all acknowledged or timed out, with a result
   * for each. Neither ids nor a selector: INVALID_ARGUMENT.
   */
  controlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  controlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  controlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  controlSimulations(argument: _fes_orchestration_v1_ControlSimulationsRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ControlSimulationsResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Says where one simulation is.
   */
  GetSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  GetSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  GetSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  GetSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Says where one simulation is.
   */
  getSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  getSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  getSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  getSimulationStatus(argument: _fes_orchestration_v1_GetSimulationStatusRequest, callback: grpc.requestCallback<_fes_orchestration_v1_GetSimulationStatusResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Lists simulations by `created_at`, newest first, in pages.
   */
  ListSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ListSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ListSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  ListSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Lists simulations by `created_at`, newest first, in pages.
   */
  listSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  listSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  listSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  listSimulations(argument: _fes_orchestration_v1_ListSimulationsRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ListSimulationsResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Lists what can be started here, also what is not available and why.
   */
  ListWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  ListWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  ListWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  ListWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Lists what can be started here, also what is not available and why.
   */
  listWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  listWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  listWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  listWorkerTypes(argument: _fes_orchestration_v1_ListWorkerTypesRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ListWorkerTypesResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Sends what the workers of a simulation wrote to stdout and stderr: the last lines from a bounded buffer, oldest
   * first, then, with `follow`, new ones until the simulation has ended.
   */
  ReadWorkerOutput(argument: _fes_orchestration_v1_ReadWorkerOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_ReadWorkerOutputResponseOutput>;
  ReadWorkerOutput(argument: _fes_orchestration_v1_ReadWorkerOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_ReadWorkerOutputResponseOutput>;
  /**
   * Sends what the workers of a simulation wrote to stdout and stderr: the last lines from a bounded buffer, oldest
   * first, then, with `follow`, new ones until the simulation has ended.
   */
  readWorkerOutput(argument: _fes_orchestration_v1_ReadWorkerOutputRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_ReadWorkerOutputResponseOutput>;
  readWorkerOutput(argument: _fes_orchestration_v1_ReadWorkerOutputRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_ReadWorkerOutputResponseOutput>;
  
  /**
   * Forgets a simulation that is over, with its logged events; its id is free again. Not over yet: FAILED_PRECONDITION.
   */
  RemoveSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  RemoveSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  RemoveSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  RemoveSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Forgets a simulation that is over, with its logged events; its id is free again. Not over yet: FAILED_PRECONDITION.
   */
  removeSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  removeSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  removeSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  removeSimulation(argument: _fes_orchestration_v1_RemoveSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_RemoveSimulationResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Starts a run; answers when it is durably recorded (PENDING or later). A launch that fails later shows as FAILED. No
   * capacity: RESOURCE_EXHAUSTED and nothing is recorded. An id in use: ALREADY_EXISTS.
   */
  StartSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  StartSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  StartSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  StartSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Starts a run; answers when it is durably recorded (PENDING or later). A launch that fails later shows as FAILED. No
   * capacity: RESOURCE_EXHAUSTED and nothing is recorded. An id in use: ALREADY_EXISTS.
   */
  startSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  startSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  startSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  startSimulation(argument: _fes_orchestration_v1_StartSimulationRequest, callback: grpc.requestCallback<_fes_orchestration_v1_StartSimulationResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Sends events. Logged ones come without gap or repeat, always read from the log; unlogged ones come live from the bus;
   * between the two there is no order. An unknown simulation is waited for; the stream of one simulation ends OK after
   * its last event. Response headers are sent once it is live.
   */
  SubscribeToEvents(argument: _fes_orchestration_v1_SubscribeToEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_SubscribeToEventsResponseOutput>;
  SubscribeToEvents(argument: _fes_orchestration_v1_SubscribeToEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_SubscribeToEventsResponseOutput>;
  /**
   * Sends events. Logged ones come without gap or repeat, always read from the log; unlogged ones come live from the bus;
   * between the two there is no order. An unknown simulation is waited for; the stream of one simulation ends OK after
   * its last event. Response headers are sent once it is live.
   */
  subscribeToEvents(argument: _fes_orchestration_v1_SubscribeToEventsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_SubscribeToEventsResponseOutput>;
  subscribeToEvents(argument: _fes_orchestration_v1_SubscribeToEventsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_SubscribeToEventsResponseOutput>;
  
  /**
   * Sends the present simulations, then `synced`, then every change of state, worker, incarnation, reason and labels, in
   * order; counters are as of then. A reader that is too slow gets ABORTED and goes on by revision.
   */
  WatchSimulations(argument: _fes_orchestration_v1_WatchSimulationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_WatchSimulationsResponseOutput>;
  WatchSimulations(argument: _fes_orchestration_v1_WatchSimulationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_WatchSimulationsResponseOutput>;
  /**
   * Sends the present simulations, then `synced`, then every change of state, worker, incarnation, reason and labels, in
   * order; counters are as of then. A reader that is too slow gets ABORTED and goes on by revision.
   */
  watchSimulations(argument: _fes_orchestration_v1_WatchSimulationsRequest, metadata: grpc.Metadata, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_WatchSimulationsResponseOutput>;
  watchSimulations(argument: _fes_orchestration_v1_WatchSimulationsRequest, options?: grpc.CallOptions): grpc.ClientReadableStream<_fes_orchestration_v1_WatchSimulationsResponseOutput>;
  
}

/**
 * What user interfaces, scripts and experiment managers call, on the client address. An unknown simulation is NOT_FOUND.
 * Label selectors have the grammar of Kubernetes: `=`, `==`, `!=`, `in`, `notin`, exists. A `request_id` has the scope of
 * the caller and the method and is kept an hour and over restarts: the same id with the same body gets the same answer,
 * with another body INVALID_ARGUMENT.
 */
export interface OrchestratorClientServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Gives one command to one simulation. With `wait_for_completion` it answers when the worker acknowledged; a refusal by
   * the worker is OK with `completed` and a `code`. Not allowed in this state: FAILED_PRECONDITION; not known to the
   * worker type: UNIMPLEMENTED; no acknowledgement in time: DEADLINE_EXCEEDED; worker gone: UNAVAILABLE.
   */
  ControlSimulation: grpc.handleUnaryCall<_fes_orchestration_v1_ControlSimulationRequestOutput, _fes_orchestration_v1_ControlSimulationResponse>;
  
  /**
   * Gives one command to many simulations at once, in lockstep; answers when all acknowledged or timed out, with a result
   * for each. Neither ids nor a selector: INVALID_ARGUMENT.
   */
  ControlSimulations: grpc.handleUnaryCall<_fes_orchestration_v1_ControlSimulationsRequestOutput, _fes_orchestration_v1_ControlSimulationsResponse>;
  
  /**
   * Says where one simulation is.
   */
  GetSimulationStatus: grpc.handleUnaryCall<_fes_orchestration_v1_GetSimulationStatusRequestOutput, _fes_orchestration_v1_GetSimulationStatusResponse>;
  
  /**
   * Lists simulations by `created_at`, newest first, in pages.
   */
  ListSimulations: grpc.handleUnaryCall<_fes_orchestration_v1_ListSimulationsRequestOutput, _fes_orchestration_v1_ListSimulationsResponse>;
  
  /**
   * Lists what can be started here, also what is not available and why.
   */
  ListWorkerTypes: grpc.handleUnaryCall<_fes_orchestration_v1_ListWorkerTypesRequestOutput, _fes_orchestration_v1_ListWorkerTypesResponse>;
  
  /**
   * Sends what the workers of a simulation wrote to stdout and stderr: the last lines from a bounded buffer, oldest
   * first, then, with `follow`, new ones until the simulation has ended.
   */
  ReadWorkerOutput: grpc.handleServerStreamingCall<_fes_orchestration_v1_ReadWorkerOutputRequestOutput, _fes_orchestration_v1_ReadWorkerOutputResponse>;
  
  /**
   * Forgets a simulation that is over, with its logged events; its id is free again. Not over yet: FAILED_PRECONDITION.
   */
  RemoveSimulation: grpc.handleUnaryCall<_fes_orchestration_v1_RemoveSimulationRequestOutput, _fes_orchestration_v1_RemoveSimulationResponse>;
  
  /**
   * Starts a run; answers when it is durably recorded (PENDING or later). A launch that fails later shows as FAILED. No
   * capacity: RESOURCE_EXHAUSTED and nothing is recorded. An id in use: ALREADY_EXISTS.
   */
  StartSimulation: grpc.handleUnaryCall<_fes_orchestration_v1_StartSimulationRequestOutput, _fes_orchestration_v1_StartSimulationResponse>;
  
  /**
   * Sends events. Logged ones come without gap or repeat, always read from the log; unlogged ones come live from the bus;
   * between the two there is no order. An unknown simulation is waited for; the stream of one simulation ends OK after
   * its last event. Response headers are sent once it is live.
   */
  SubscribeToEvents: grpc.handleServerStreamingCall<_fes_orchestration_v1_SubscribeToEventsRequestOutput, _fes_orchestration_v1_SubscribeToEventsResponse>;
  
  /**
   * Sends the present simulations, then `synced`, then every change of state, worker, incarnation, reason and labels, in
   * order; counters are as of then. A reader that is too slow gets ABORTED and goes on by revision.
   */
  WatchSimulations: grpc.handleServerStreamingCall<_fes_orchestration_v1_WatchSimulationsRequestOutput, _fes_orchestration_v1_WatchSimulationsResponse>;
  
}

export interface OrchestratorClientServiceDefinition extends grpc.ServiceDefinition {
  ControlSimulation: MethodDefinition<_fes_orchestration_v1_ControlSimulationRequest, _fes_orchestration_v1_ControlSimulationResponse, _fes_orchestration_v1_ControlSimulationRequestOutput, _fes_orchestration_v1_ControlSimulationResponseOutput>
  ControlSimulations: MethodDefinition<_fes_orchestration_v1_ControlSimulationsRequest, _fes_orchestration_v1_ControlSimulationsResponse, _fes_orchestration_v1_ControlSimulationsRequestOutput, _fes_orchestration_v1_ControlSimulationsResponseOutput>
  GetSimulationStatus: MethodDefinition<_fes_orchestration_v1_GetSimulationStatusRequest, _fes_orchestration_v1_GetSimulationStatusResponse, _fes_orchestration_v1_GetSimulationStatusRequestOutput, _fes_orchestration_v1_GetSimulationStatusResponseOutput>
  ListSimulations: MethodDefinition<_fes_orchestration_v1_ListSimulationsRequest, _fes_orchestration_v1_ListSimulationsResponse, _fes_orchestration_v1_ListSimulationsRequestOutput, _fes_orchestration_v1_ListSimulationsResponseOutput>
  ListWorkerTypes: MethodDefinition<_fes_orchestration_v1_ListWorkerTypesRequest, _fes_orchestration_v1_ListWorkerTypesResponse, _fes_orchestration_v1_ListWorkerTypesRequestOutput, _fes_orchestration_v1_ListWorkerTypesResponseOutput>
  ReadWorkerOutput: MethodDefinition<_fes_orchestration_v1_ReadWorkerOutputRequest, _fes_orchestration_v1_ReadWorkerOutputResponse, _fes_orchestration_v1_ReadWorkerOutputRequestOutput, _fes_orchestration_v1_ReadWorkerOutputResponseOutput>
  RemoveSimulation: MethodDefinition<_fes_orchestration_v1_RemoveSimulationRequest, _fes_orchestration_v1_RemoveSimulationResponse, _fes_orchestration_v1_RemoveSimulationRequestOutput, _fes_orchestration_v1_RemoveSimulationResponseOutput>
  StartSimulation: MethodDefinition<_fes_orchestration_v1_StartSimulationRequest, _fes_orchestration_v1_StartSimulationResponse, _fes_orchestration_v1_StartSimulationRequestOutput, _fes_orchestration_v1_StartSimulationResponseOutput>
  SubscribeToEvents: MethodDefinition<_fes_orchestration_v1_SubscribeToEventsRequest, _fes_orchestration_v1_SubscribeToEventsResponse, _fes_orchestration_v1_SubscribeToEventsRequestOutput, _fes_orchestration_v1_SubscribeToEventsResponseOutput>
  WatchSimulations: MethodDefinition<_fes_orchestration_v1_WatchSimulationsRequest, _fes_orchestration_v1_WatchSimulationsResponse, _fes_orchestration_v1_WatchSimulationsRequestOutput, _fes_orchestration_v1_WatchSimulationsResponseOutput>
}

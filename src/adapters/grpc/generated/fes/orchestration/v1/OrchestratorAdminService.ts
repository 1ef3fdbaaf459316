// Original file: proto/fes/orchestration/v1/admin_service.proto

import type * as grpc from '@grpc/grpc-js'
import type { MethodDefinition } from '@grpc/proto-loader'
import type { DrainRequest as _fes_orchestration_v1_DrainRequest, DrainRequestOutput as _fes_orchestration_v1_DrainRequestOutput } from '../../../fes/orchestration/v1/DrainRequest.ts';
import type { DrainResponse as _fes_orchestration_v1_DrainResponse, DrainResponseOutput as _fes_orchestration_v1_DrainResponseOutput } from '../../../fes/orchestration/v1/DrainResponse.ts';
import type { GetInfoRequest as _fes_orchestration_v1_GetInfoRequest, GetInfoRequestOutput as _fes_orchestration_v1_GetInfoRequestOutput } from '../../../fes/orchestration/v1/GetInfoRequest.ts';
import type { GetInfoResponse as _fes_orchestration_v1_GetInfoResponse, GetInfoResponseOutput as _fes_orchestration_v1_GetInfoResponseOutput } from '../../../fes/orchestration/v1/GetInfoResponse.ts';
import type { ReloadConfigRequest as _fes_orchestration_v1_ReloadConfigRequest, ReloadConfigRequestOutput as _fes_orchestration_v1_ReloadConfigRequestOutput } from '../../../fes/orchestration/v1/ReloadConfigRequest.ts';
import type { ReloadConfigResponse as _fes_orchestration_v1_ReloadConfigResponse, ReloadConfigResponseOutput as _fes_orchestration_v1_ReloadConfigResponseOutput } from '../../../fes/orchestration/v1/ReloadConfigResponse.ts';
import type { UndrainRequest as _fes_orchestration_v1_UndrainRequest, UndrainRequestOutput as _fes_orchestration_v1_UndrainRequestOutput } from '../../../fes/orchestration/v1/UndrainRequest.ts';
import type { UndrainResponse as _fes_orchestration_v1_UndrainResponse, UndrainResponseOutput as _fes_orchestration_v1_UndrainResponseOutput } from '../../../fes/orchestration/v1/UndrainResponse.ts';

/**
 * What operators call, on the client address.
 */
export interface OrchestratorAdminServiceClient extends grpc.Client {
  /**
   * Takes no new simulations from now on (UNAVAILABLE); the present ones go on, and are restarted as before. Idempotent: a
   * deadline given again counts from then, one that is left out changes nothing.
   */
  Drain(argument: _fes_orchestration_v1_DrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  Drain(argument: _fes_orchestration_v1_DrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  Drain(argument: _fes_orchestration_v1_DrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  Drain(argument: _fes_orchestration_v1_DrainRequest, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Takes no new simulations from now on (UNAVAILABLE); the present ones go on, and are restarted as before. Idempotent: a
   * deadline given again counts from then, one that is left out changes nothing.
   */
  drain(argument: _fes_orchestration_v1_DrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  drain(argument: _fes_orchestration_v1_DrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  drain(argument: _fes_orchestration_v1_DrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  drain(argument: _fes_orchestration_v1_DrainRequest, callback: grpc.requestCallback<_fes_orchestration_v1_DrainResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Says which orchestrator this is and how it is set up.
   */
  GetInfo(argument: _fes_orchestration_v1_GetInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  GetInfo(argument: _fes_orchestration_v1_GetInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  GetInfo(argument: _fes_orchestration_v1_GetInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  GetInfo(argument: _fes_orchestration_v1_GetInfoRequest, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Says which orchestrator this is and how it is set up.
   */
  getInfo(argument: _fes_orchestration_v1_GetInfoRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  getInfo(argument: _fes_orchestration_v1_GetInfoRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  getInfo(argument: _fes_orchestration_v1_GetInfoRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  getInfo(argument: _fes_orchestration_v1_GetInfoRequest, callback: grpc.requestCallback<_fes_orchestration_v1_GetInfoResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Reads the configuration again and applies what can change while running; an invalid one changes nothing and is
   * INVALID_ARGUMENT with all its errors.
   */
  ReloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  ReloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  ReloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  ReloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Reads the configuration again and applies what can change while running; an invalid one changes nothing and is
   * INVALID_ARGUMENT with all its errors.
   */
  reloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  reloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  reloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  reloadConfig(argument: _fes_orchestration_v1_ReloadConfigRequest, callback: grpc.requestCallback<_fes_orchestration_v1_ReloadConfigResponseOutput>): grpc.ClientUnaryCall;
  
  /**
   * Takes new simulations again, and forgets the deadline. Idempotent; UNAVAILABLE once it stops.
   */
  Undrain(argument: _fes_orchestration_v1_UndrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  Undrain(argument: _fes_orchestration_v1_UndrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  Undrain(argument: _fes_orchestration_v1_UndrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  Undrain(argument: _fes_orchestration_v1_UndrainRequest, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  /**
   * Takes new simulations again, and forgets the deadline. Idempotent; UNAVAILABLE once it stops.
   */
  undrain(argument: _fes_orchestration_v1_UndrainRequest, metadata: grpc.Metadata, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  undrain(argument: _fes_orchestration_v1_UndrainRequest, metadata: grpc.Metadata, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  undrain(argument: _fes_orchestration_v1_UndrainRequest, options: grpc.CallOptions, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  undrain(argument: _fes_orchestration_v1_UndrainRequest, callback: grpc.requestCallback<_fes_orchestration_v1_UndrainResponseOutput>): grpc.ClientUnaryCall;
  
}

/**
 * What operators call, on the client address.
 */
export interface OrchestratorAdminServiceHandlers extends grpc.UntypedServiceImplementation {
  /**
   * Takes no new simulations from now on (UNAVAILABLE); the present ones go on, and are restarted as before. Idempotent: a
   * deadline given again counts from then, one that is left out changes nothing.
   */
  Drain: grpc.handleUnaryCall<_fes_orchestration_v1_DrainRequestOutput, _fes_orchestration_v1_DrainResponse>;
  
  /**
   * Says which orchestrator this is and how it is set up.
   */
  GetInfo: grpc.handleUnaryCall<_fes_orchestration_v1_GetInfoRequestOutput, _fes_orchestration_v1_GetInfoResponse>;
  
  /**
   * Reads the configuration again and applies what can change while running; an invalid one changes nothing and is
   * INVALID_ARGUMENT with all its errors.
   */
  ReloadConfig: grpc.handleUnaryCall<_fes_orchestration_v1_ReloadConfigRequestOutput, _fes_orchestration_v1_ReloadConfigResponse>;
  
  /**
   * Takes new simulations again, and forgets the deadline. Idempotent; UNAVAILABLE once it stops.
   */
  Undrain: grpc.handleUnaryCall<_fes_orchestration_v1_UndrainRequestOutput, _fes_orchestration_v1_UndrainResponse>;
  
}

export interface OrchestratorAdminServiceDefinition extends grpc.ServiceDefinition {
  Drain: MethodDefinition<_fes_orchestration_v1_DrainRequest, _fes_orchestration_v1_DrainResponse, _fes_orchestration_v1_DrainRequestOutput, _fes_orchestration_v1_DrainResponseOutput>
  GetInfo: MethodDefinition<_fes_orchestration_v1_GetInfoRequest, _fes_orchestration_v1_GetInfoResponse, _fes_orchestration_v1_GetInfoRequestOutput, _fes_orchestration_v1_GetInfoResponseOutput>
  ReloadConfig: MethodDefinition<_fes_orchestration_v1_ReloadConfigRequest, _fes_orchestration_v1_ReloadConfigResponse, _fes_orchestration_v1_ReloadConfigRequestOutput, _fes_orchestration_v1_ReloadConfigResponseOutput>
  Undrain: MethodDefinition<_fes_orchestration_v1_UndrainRequest, _fes_orchestration_v1_UndrainResponse, _fes_orchestration_v1_UndrainRequestOutput, _fes_orchestration_v1_UndrainResponseOutput>
}

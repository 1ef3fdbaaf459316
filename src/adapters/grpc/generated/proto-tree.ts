import type * as grpc from '@grpc/grpc-js';
import type { EnumTypeDefinition, MessageTypeDefinition } from '@grpc/proto-loader';

import type { GenericEventRequest as _fes_common_events_GenericEventRequest, GenericEventRequestOutput as _fes_common_events_GenericEventRequestOutput } from './fes/common/events/GenericEventRequest.ts';
import type { AgentActionCommand as _fes_orchestration_v1_AgentActionCommand, AgentActionCommandOutput as _fes_orchestration_v1_AgentActionCommandOutput } from './fes/orchestration/v1/AgentActionCommand.ts';
import type { AssignCommand as _fes_orchestration_v1_AssignCommand, AssignCommandOutput as _fes_orchestration_v1_AssignCommandOutput } from './fes/orchestration/v1/AssignCommand.ts';
import type { CommandAck as _fes_orchestration_v1_CommandAck, CommandAckOutput as _fes_orchestration_v1_CommandAckOutput } from './fes/orchestration/v1/CommandAck.ts';
import type { ControlResult as _fes_orchestration_v1_ControlResult, ControlResultOutput as _fes_orchestration_v1_ControlResultOutput } from './fes/orchestration/v1/ControlResult.ts';
import type { ControlSimulationRequest as _fes_orchestration_v1_ControlSimulationRequest, ControlSimulationRequestOutput as _fes_orchestration_v1_ControlSimulationRequestOutput } from './fes/orchestration/v1/ControlSimulationRequest.ts';
import type { ControlSimulationResponse as _fes_orchestration_v1_ControlSimulationResponse, ControlSimulationResponseOutput as _fes_orchestration_v1_ControlSimulationResponseOutput } from './fes/orchestration/v1/ControlSimulationResponse.ts';
import type { ControlSimulationsRequest as _fes_orchestration_v1_ControlSimulationsRequest, ControlSimulationsRequestOutput as _fes_orchestration_v1_ControlSimulationsRequestOutput } from './fes/orchestration/v1/ControlSimulationsRequest.ts';
import type { ControlSimulationsResponse as _fes_orchestration_v1_ControlSimulationsResponse, ControlSimulationsResponseOutput as _fes_orchestration_v1_ControlSimulationsResponseOutput } from './fes/orchestration/v1/ControlSimulationsResponse.ts';
import type { CustomCommand as _fes_orchestration_v1_CustomCommand, CustomCommandOutput as _fes_orchestration_v1_CustomCommandOutput } from './fes/orchestration/v1/CustomCommand.ts';
import type { DrainRequest as _fes_orchestration_v1_DrainRequest, DrainRequestOutput as _fes_orchestration_v1_DrainRequestOutput } from './fes/orchestration/v1/DrainRequest.ts';
import type { DrainResponse as _fes_orchestration_v1_DrainResponse, DrainResponseOutput as _fes_orchestration_v1_DrainResponseOutput } from './fes/orchestration/v1/DrainResponse.ts';
import type { EventQuality as _fes_orchestration_v1_EventQuality, EventQualityOutput as _fes_orchestration_v1_EventQualityOutput } from './fes/orchestration/v1/EventQuality.ts';
import type { GetInfoRequest as _fes_orchestration_v1_GetInfoRequest, GetInfoRequestOutput as _fes_orchestration_v1_GetInfoRequestOutput } from './fes/orchestration/v1/GetInfoRequest.ts';
import type { GetInfoResponse as _fes_orchestration_v1_GetInfoResponse, GetInfoResponseOutput as _fes_orchestration_v1_GetInfoResponseOutput } from './fes/orchestration/v1/GetInfoResponse.ts';
import type { GetSimulationStatusRequest as _fes_orchestration_v1_GetSimulationStatusRequest, GetSimulationStatusRequestOutput as _fes_orchestration_v1_GetSimulationStatusRequestOutput } from './fes/orchestration/v1/GetSimulationStatusRequest.ts';
import type { GetSimulationStatusResponse as _fes_orchestration_v1_GetSimulationStatusResponse, GetSimulationStatusResponseOutput as _fes_orchestration_v1_GetSimulationStatusResponseOutput } from './fes/orchestration/v1/GetSimulationStatusResponse.ts';
import type { HeartbeatRequest as _fes_orchestration_v1_HeartbeatRequest, HeartbeatRequestOutput as _fes_orchestration_v1_HeartbeatRequestOutput } from './fes/orchestration/v1/HeartbeatRequest.ts';
import type { HeartbeatResponse as _fes_orchestration_v1_HeartbeatResponse, HeartbeatResponseOutput as _fes_orchestration_v1_HeartbeatResponseOutput } from './fes/orchestration/v1/HeartbeatResponse.ts';
import type { InjectAgentCommand as _fes_orchestration_v1_InjectAgentCommand, InjectAgentCommandOutput as _fes_orchestration_v1_InjectAgentCommandOutput } from './fes/orchestration/v1/InjectAgentCommand.ts';
import type { ListSimulationsRequest as _fes_orchestration_v1_ListSimulationsRequest, ListSimulationsRequestOutput as _fes_orchestration_v1_ListSimulationsRequestOutput } from './fes/orchestration/v1/ListSimulationsRequest.ts';
import type { ListSimulationsResponse as _fes_orchestration_v1_ListSimulationsResponse, ListSimulationsResponseOutput as _fes_orchestration_v1_ListSimulationsResponseOutput } from './fes/orchestration/v1/ListSimulationsResponse.ts';
import type { ListWorkerTypesRequest as _fes_orchestration_v1_ListWorkerTypesRequest, ListWorkerTypesRequestOutput as _fes_orchestration_v1_ListWorkerTypesRequestOutput } from './fes/orchestration/v1/ListWorkerTypesRequest.ts';
import type { ListWorkerTypesResponse as _fes_orchestration_v1_ListWorkerTypesResponse, ListWorkerTypesResponseOutput as _fes_orchestration_v1_ListWorkerTypesResponseOutput } from './fes/orchestration/v1/ListWorkerTypesResponse.ts';
import type { OrchestratorAdminServiceClient as _fes_orchestration_v1_OrchestratorAdminServiceClient, OrchestratorAdminServiceDefinition as _fes_orchestration_v1_OrchestratorAdminServiceDefinition } from './fes/orchestration/v1/OrchestratorAdminService.ts';
import type { OrchestratorClientServiceClient as _fes_orchestration_v1_OrchestratorClientServiceClient, OrchestratorClientServiceDefinition as _fes_orchestration_v1_OrchestratorClientServiceDefinition } from './fes/orchestration/v1/OrchestratorClientService.ts';
import type { OrchestratorWorkerServiceClient as _fes_orchestration_v1_OrchestratorWorkerServiceClient, OrchestratorWorkerServiceDefinition as _fes_orchestration_v1_OrchestratorWorkerServiceDefinition } from './fes/orchestration/v1/OrchestratorWorkerService.ts';
import type { PauseCommand as _fes_orchestration_v1_PauseCommand, PauseCommandOutput as _fes_orchestration_v1_PauseCommandOutput } from './fes/orchestration/v1/PauseCommand.ts';
import type { ReadWorkerOutputRequest as _fes_orchestration_v1_ReadWorkerOutputRequest, ReadWorkerOutputRequestOutput as _fes_orchestration_v1_ReadWorkerOutputRequestOutput } from './fes/orchestration/v1/ReadWorkerOutputRequest.ts';
import type { ReadWorkerOutputResponse as _fes_orchestration_v1_ReadWorkerOutputResponse, ReadWorkerOutputResponseOutput as _fes_orchestration_v1_ReadWorkerOutputResponseOutput } from './fes/orchestration/v1/ReadWorkerOutputResponse.ts';
import type { ReceiveCommandsRequest as _fes_orchestration_v1_ReceiveCommandsRequest, ReceiveCommandsRequestOutput as _fes_orchestration_v1_ReceiveCommandsRequestOutput } from './fes/orchestration/v1/ReceiveCommandsRequest.ts';
import type { RegisterWorkerRequest as _fes_orchestration_v1_RegisterWorkerRequest, RegisterWorkerRequestOutput as _fes_orchestration_v1_RegisterWorkerRequestOutput } from './fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { RegisterWorkerResponse as _fes_orchestration_v1_RegisterWorkerResponse, RegisterWorkerResponseOutput as _fes_orchestration_v1_RegisterWorkerResponseOutput } from './fes/orchestration/v1/RegisterWorkerResponse.ts';
import type { RejectedEvent as _fes_orchestration_v1_RejectedEvent, RejectedEventOutput as _fes_orchestration_v1_RejectedEventOutput } from './fes/orchestration/v1/RejectedEvent.ts';
import type { ReloadConfigRequest as _fes_orchestration_v1_ReloadConfigRequest, ReloadConfigRequestOutput as _fes_orchestration_v1_ReloadConfigRequestOutput } from './fes/orchestration/v1/ReloadConfigRequest.ts';
import type { ReloadConfigResponse as _fes_orchestration_v1_ReloadConfigResponse, ReloadConfigResponseOutput as _fes_orchestration_v1_ReloadConfigResponseOutput } from './fes/orchestration/v1/ReloadConfigResponse.ts';
import type { RemoveSimulationRequest as _fes_orchestration_v1_RemoveSimulationRequest, RemoveSimulationRequestOutput as _fes_orchestration_v1_RemoveSimulationRequestOutput } from './fes/orchestration/v1/RemoveSimulationRequest.ts';
import type { RemoveSimulationResponse as _fes_orchestration_v1_RemoveSimulationResponse, RemoveSimulationResponseOutput as _fes_orchestration_v1_RemoveSimulationResponseOutput } from './fes/orchestration/v1/RemoveSimulationResponse.ts';
import type { ReportEventBatchesRequest as _fes_orchestration_v1_ReportEventBatchesRequest, ReportEventBatchesRequestOutput as _fes_orchestration_v1_ReportEventBatchesRequestOutput } from './fes/orchestration/v1/ReportEventBatchesRequest.ts';
import type { ReportEventBatchesResponse as _fes_orchestration_v1_ReportEventBatchesResponse, ReportEventBatchesResponseOutput as _fes_orchestration_v1_ReportEventBatchesResponseOutput } from './fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { ReportEventResponse as _fes_orchestration_v1_ReportEventResponse, ReportEventResponseOutput as _fes_orchestration_v1_ReportEventResponseOutput } from './fes/orchestration/v1/ReportEventResponse.ts';
import type { ReportEventStreamResponse as _fes_orchestration_v1_ReportEventStreamResponse, ReportEventStreamResponseOutput as _fes_orchestration_v1_ReportEventStreamResponseOutput } from './fes/orchestration/v1/ReportEventStreamResponse.ts';
import type { ResetCommand as _fes_orchestration_v1_ResetCommand, ResetCommandOutput as _fes_orchestration_v1_ResetCommandOutput } from './fes/orchestration/v1/ResetCommand.ts';
import type { RestartOverride as _fes_orchestration_v1_RestartOverride, RestartOverrideOutput as _fes_orchestration_v1_RestartOverrideOutput } from './fes/orchestration/v1/RestartOverride.ts';
import type { ResumeCommand as _fes_orchestration_v1_ResumeCommand, ResumeCommandOutput as _fes_orchestration_v1_ResumeCommandOutput } from './fes/orchestration/v1/ResumeCommand.ts';
import type { SetSpeedCommand as _fes_orchestration_v1_SetSpeedCommand, SetSpeedCommandOutput as _fes_orchestration_v1_SetSpeedCommandOutput } from './fes/orchestration/v1/SetSpeedCommand.ts';
import type { Simulation as _fes_orchestration_v1_Simulation, SimulationOutput as _fes_orchestration_v1_SimulationOutput } from './fes/orchestration/v1/Simulation.ts';
import type { SnapshotCommand as _fes_orchestration_v1_SnapshotCommand, SnapshotCommandOutput as _fes_orchestration_v1_SnapshotCommandOutput } from './fes/orchestration/v1/SnapshotCommand.ts';
import type { StartSimulationRequest as _fes_orchestration_v1_StartSimulationRequest, StartSimulationRequestOutput as _fes_orchestration_v1_StartSimulationRequestOutput } from './fes/orchestration/v1/StartSimulationRequest.ts';
import type { StartSimulationResponse as _fes_orchestration_v1_StartSimulationResponse, StartSimulationResponseOutput as _fes_orchestration_v1_StartSimulationResponseOutput } from './fes/orchestration/v1/StartSimulationResponse.ts';
import type { StepCommand as _fes_orchestration_v1_StepCommand, StepCommandOutput as _fes_orchestration_v1_StepCommandOutput } from './fes/orchestration/v1/StepCommand.ts';
import type { StopCommand as _fes_orchestration_v1_StopCommand, StopCommandOutput as _fes_orchestration_v1_StopCommandOutput } from './fes/orchestration/v1/StopCommand.ts';
import type { SubscribeToEventsRequest as _fes_orchestration_v1_SubscribeToEventsRequest, SubscribeToEventsRequestOutput as _fes_orchestration_v1_SubscribeToEventsRequestOutput } from './fes/orchestration/v1/SubscribeToEventsRequest.ts';
import type { SubscribeToEventsResponse as _fes_orchestration_v1_SubscribeToEventsResponse, SubscribeToEventsResponseOutput as _fes_orchestration_v1_SubscribeToEventsResponseOutput } from './fes/orchestration/v1/SubscribeToEventsResponse.ts';
import type { UndrainRequest as _fes_orchestration_v1_UndrainRequest, UndrainRequestOutput as _fes_orchestration_v1_UndrainRequestOutput } from './fes/orchestration/v1/UndrainRequest.ts';
import type { UndrainResponse as _fes_orchestration_v1_UndrainResponse, UndrainResponseOutput as _fes_orchestration_v1_UndrainResponseOutput } from './fes/orchestration/v1/UndrainResponse.ts';
import type { WatchSimulationsRequest as _fes_orchestration_v1_WatchSimulationsRequest, WatchSimulationsRequestOutput as _fes_orchestration_v1_WatchSimulationsRequestOutput } from './fes/orchestration/v1/WatchSimulationsRequest.ts';
import type { WatchSimulationsResponse as _fes_orchestration_v1_WatchSimulationsResponse, WatchSimulationsResponseOutput as _fes_orchestration_v1_WatchSimulationsResponseOutput } from './fes/orchestration/v1/WatchSimulationsResponse.ts';
import type { WorkerTypeInfo as _fes_orchestration_v1_WorkerTypeInfo, WorkerTypeInfoOutput as _fes_orchestration_v1_WorkerTypeInfoOutput } from './fes/orchestration/v1/WorkerTypeInfo.ts';
import type { AgentAction as _fes_simulation_agent_AgentAction, AgentActionOutput as _fes_simulation_agent_AgentActionOutput } from './fes/simulation/agent/AgentAction.ts';
import type { AgentObservation as _fes_simulation_agent_AgentObservation, AgentObservationOutput as _fes_simulation_agent_AgentObservationOutput } from './fes/simulation/agent/AgentObservation.ts';
import type { AgentReward as _fes_simulation_agent_AgentReward, AgentRewardOutput as _fes_simulation_agent_AgentRewardOutput } from './fes/simulation/agent/AgentReward.ts';
import type { Percept as _fes_simulation_agent_Percept, PerceptOutput as _fes_simulation_agent_PerceptOutput } from './fes/simulation/agent/Percept.ts';
import type { Any as _google_protobuf_Any, AnyOutput as _google_protobuf_AnyOutput } from './google/protobuf/Any.ts';
import type { Duration as _google_protobuf_Duration, DurationOutput as _google_protobuf_DurationOutput } from './google/protobuf/Duration.ts';
import type { ListValue as _google_protobuf_ListValue, ListValueOutput as _google_protobuf_ListValueOutput } from './google/protobuf/ListValue.ts';
import type { Struct as _google_protobuf_Struct, StructOutput as _google_protobuf_StructOutput } from './google/protobuf/Struct.ts';
import type { Timestamp as _google_protobuf_Timestamp, TimestampOutput as _google_protobuf_TimestampOutput } from './google/protobuf/Timestamp.ts';
import type { Value as _google_protobuf_Value, ValueOutput as _google_protobuf_ValueOutput } from './google/protobuf/Value.ts';
import type { BadRequest as _google_rpc_BadRequest, BadRequestOutput as _google_rpc_BadRequestOutput } from './google/rpc/BadRequest.ts';
import type { DebugInfo as _google_rpc_DebugInfo, DebugInfoOutput as _google_rpc_DebugInfoOutput } from './google/rpc/DebugInfo.ts';
import type { ErrorInfo as _google_rpc_ErrorInfo, ErrorInfoOutput as _google_rpc_ErrorInfoOutput } from './google/rpc/ErrorInfo.ts';
import type { Help as _google_rpc_Help, HelpOutput as _google_rpc_HelpOutput } from './google/rpc/Help.ts';
import type { LocalizedMessage as _google_rpc_LocalizedMessage, LocalizedMessageOutput as _google_rpc_LocalizedMessageOutput } from './google/rpc/LocalizedMessage.ts';
import type { PreconditionFailure as _google_rpc_PreconditionFailure, PreconditionFailureOutput as _google_rpc_PreconditionFailureOutput } from './google/rpc/PreconditionFailure.ts';
import type { QuotaFailure as _google_rpc_QuotaFailure, QuotaFailureOutput as _google_rpc_QuotaFailureOutput } from './google/rpc/QuotaFailure.ts';
import type { RequestInfo as _google_rpc_RequestInfo, RequestInfoOutput as _google_rpc_RequestInfoOutput } from './google/rpc/RequestInfo.ts';
import type { ResourceInfo as _google_rpc_ResourceInfo, ResourceInfoOutput as _google_rpc_ResourceInfoOutput } from './google/rpc/ResourceInfo.ts';
import type { RetryInfo as _google_rpc_RetryInfo, RetryInfoOutput as _google_rpc_RetryInfoOutput } from './google/rpc/RetryInfo.ts';
import type { Status as _google_rpc_Status, StatusOutput as _google_rpc_StatusOutput } from './google/rpc/Status.ts';
import type { HealthClient as _grpc_health_v1_HealthClient, HealthDefinition as _grpc_health_v1_HealthDefinition } from './grpc/health/v1/Health.ts';
import type { HealthCheckRequest as _grpc_health_v1_HealthCheckRequest, HealthCheckRequestOutput as _grpc_health_v1_HealthCheckRequestOutput } from './grpc/health/v1/HealthCheckRequest.ts';
import type { HealthCheckResponse as _grpc_health_v1_HealthCheckResponse, HealthCheckResponseOutput as _grpc_health_v1_HealthCheckResponseOutput } from './grpc/health/v1/HealthCheckResponse.ts';
import type { HealthListRequest as _grpc_health_v1_HealthListRequest, HealthListRequestOutput as _grpc_health_v1_HealthListRequestOutput } from './grpc/health/v1/HealthListRequest.ts';
import type { HealthListResponse as _grpc_health_v1_HealthListResponse, HealthListResponseOutput as _grpc_health_v1_HealthListResponseOutput } from './grpc/health/v1/HealthListResponse.ts';
import type { ErrorResponse as _grpc_reflection_v1_ErrorResponse, ErrorResponseOutput as _grpc_reflection_v1_ErrorResponseOutput } from './grpc/reflection/v1/ErrorResponse.ts';
import type { ExtensionNumberResponse as _grpc_reflection_v1_ExtensionNumberResponse, ExtensionNumberResponseOutput as _grpc_reflection_v1_ExtensionNumberResponseOutput } from './grpc/reflection/v1/ExtensionNumberResponse.ts';
import type { ExtensionRequest as _grpc_reflection_v1_ExtensionRequest, ExtensionRequestOutput as _grpc_reflection_v1_ExtensionRequestOutput } from './grpc/reflection/v1/ExtensionRequest.ts';
import type { FileDescriptorResponse as _grpc_reflection_v1_FileDescriptorResponse, FileDescriptorResponseOutput as _grpc_reflection_v1_FileDescriptorResponseOutput } from './grpc/reflection/v1/FileDescriptorResponse.ts';
import type { ListServiceResponse as _grpc_reflection_v1_ListServiceResponse, ListServiceResponseOutput as _grpc_reflection_v1_ListServiceResponseOutput } from './grpc/reflection/v1/ListServiceResponse.ts';
import type { ServerReflectionClient as _grpc_reflection_v1_ServerReflectionClient, ServerReflectionDefinition as _grpc_reflection_v1_ServerReflectionDefinition } from './grpc/reflection/v1/ServerReflection.ts';
import type { ServerReflectionRequest as _grpc_reflection_v1_ServerReflectionRequest, ServerReflectionRequestOutput as _grpc_reflection_v1_ServerReflectionRequestOutput } from './grpc/reflection/v1/ServerReflectionRequest.ts';
import type { ServerReflectionResponse as _grpc_reflection_v1_ServerReflectionResponse, ServerReflectionResponseOutput as _grpc_reflection_v1_ServerReflectionResponseOutput } from './grpc/reflection/v1/ServerReflectionResponse.ts';
import type { ServiceResponse as _grpc_reflection_v1_ServiceResponse, ServiceResponseOutput as _grpc_reflection_v1_ServiceResponseOutput } from './grpc/reflection/v1/ServiceResponse.ts';
import type { ErrorResponse as _grpc_reflection_v1alpha_ErrorResponse, ErrorResponseOutput as _grpc_reflection_v1alpha_ErrorResponseOutput } from './grpc/reflection/v1alpha/ErrorResponse.ts';
import type { ExtensionNumberResponse as _grpc_reflection_v1alpha_ExtensionNumberResponse, ExtensionNumberResponseOutput as _grpc_reflection_v1alpha_ExtensionNumberResponseOutput } from './grpc/reflection/v1alpha/ExtensionNumberResponse.ts';
import type { ExtensionRequest as _grpc_reflection_v1alpha_ExtensionRequest, ExtensionRequestOutput as _grpc_reflection_v1alpha_ExtensionRequestOutput } from './grpc/reflection/v1alpha/ExtensionRequest.ts';
import type { FileDescriptorResponse as _grpc_reflection_v1alpha_FileDescriptorResponse, FileDescriptorResponseOutput as _grpc_reflection_v1alpha_FileDescriptorResponseOutput } from './grpc/reflection/v1alpha/FileDescriptorResponse.ts';
import type { ListServiceResponse as _grpc_reflection_v1alpha_ListServiceResponse, ListServiceResponseOutput as _grpc_reflection_v1alpha_ListServiceResponseOutput } from './grpc/reflection/v1alpha/ListServiceResponse.ts';
import type { ServerReflectionClient as _grpc_reflection_v1alpha_ServerReflectionClient, ServerReflectionDefinition as _grpc_reflection_v1alpha_ServerReflectionDefinition } from './grpc/reflection/v1alpha/ServerReflection.ts';
import type { ServerReflectionRequest as _grpc_reflection_v1alpha_ServerReflectionRequest, ServerReflectionRequestOutput as _grpc_reflection_v1alpha_ServerReflectionRequestOutput } from './grpc/reflection/v1alpha/ServerReflectionRequest.ts';
import type { ServerReflectionResponse as _grpc_reflection_v1alpha_ServerReflectionResponse, ServerReflectionResponseOutput as _grpc_reflection_v1alpha_ServerReflectionResponseOutput } from './grpc/reflection/v1alpha/ServerReflectionResponse.ts';
import type { ServiceResponse as _grpc_reflection_v1alpha_ServiceResponse, ServiceResponseOutput as _grpc_reflection_v1alpha_ServiceResponseOutput } from './grpc/reflection/v1alpha/ServiceResponse.ts';

type SubtypeConstructor<Constructor extends new (...args: any) => any, Subtype> = {
  new(...args: ConstructorParameters<Constructor>): Subtype;
};

export interface ProtoGrpcType {
  fes: {
    common: {
      events: {
        GenericEventRequest: MessageTypeDefinition<_fes_common_events_GenericEventRequest, _fes_common_events_GenericEventRequestOutput>
      }
    }
    orchestration: {
      v1: {
        AgentActionCommand: MessageTypeDefinition<_fes_orchestration_v1_AgentActionCommand, _fes_orchestration_v1_AgentActionCommandOutput>
        AssignCommand: MessageTypeDefinition<_fes_orchestration_v1_AssignCommand, _fes_orchestration_v1_AssignCommandOutput>
        CommandAck: MessageTypeDefinition<_fes_orchestration_v1_CommandAck, _fes_orchestration_v1_CommandAckOutput>
        CommandPhase: EnumTypeDefinition
        ControlResult: MessageTypeDefinition<_fes_orchestration_v1_ControlResult, _fes_orchestration_v1_ControlResultOutput>
        ControlSimulationRequest: MessageTypeDefinition<_fes_orchestration_v1_ControlSimulationRequest, _fes_orchestration_v1_ControlSimulationRequestOutput>
        ControlSimulationResponse: MessageTypeDefinition<_fes_orchestration_v1_ControlSimulationResponse, _fes_orchestration_v1_ControlSimulationResponseOutput>
        ControlSimulationsRequest: MessageTypeDefinition<_fes_orchestration_v1_ControlSimulationsRequest, _fes_orchestration_v1_ControlSimulationsRequestOutput>
        ControlSimulationsResponse: MessageTypeDefinition<_fes_orchestration_v1_ControlSimulationsResponse, _fes_orchestration_v1_ControlSimulationsResponseOutput>
        CustomCommand: MessageTypeDefinition<_fes_orchestration_v1_CustomCommand, _fes_orchestration_v1_CustomCommandOutput>
        DrainRequest: MessageTypeDefinition<_fes_orchestration_v1_DrainRequest, _fes_orchestration_v1_DrainRequestOutput>
        DrainResponse: MessageTypeDefinition<_fes_orchestration_v1_DrainResponse, _fes_orchestration_v1_DrainResponseOutput>
        EventQuality: MessageTypeDefinition<_fes_orchestration_v1_EventQuality, _fes_orchestration_v1_EventQualityOutput>
        GetInfoRequest: MessageTypeDefinition<_fes_orchestration_v1_GetInfoRequest, _fes_orchestration_v1_GetInfoRequestOutput>
        GetInfoResponse: MessageTypeDefinition<_fes_orchestration_v1_GetInfoResponse, _fes_orchestration_v1_GetInfoResponseOutput>
        GetSimulationStatusRequest: MessageTypeDefinition<_fes_orchestration_v1_GetSimulationStatusRequest, _fes_orchestration_v1_GetSimulationStatusRequestOutput>
        GetSimulationStatusResponse: MessageTypeDefinition<_fes_orchestration_v1_GetSimulationStatusResponse, _fes_orchestration_v1_GetSimulationStatusResponseOutput>
        HeartbeatRequest: MessageTypeDefinition<_fes_orchestration_v1_HeartbeatRequest, _fes_orchestration_v1_HeartbeatRequestOutput>
        HeartbeatResponse: MessageTypeDefinition<_fes_orchestration_v1_HeartbeatResponse, _fes_orchestration_v1_HeartbeatResponseOutput>
        InjectAgentCommand: MessageTypeDefinition<_fes_orchestration_v1_InjectAgentCommand, _fes_orchestration_v1_InjectAgentCommandOutput>
        ListSimulationsRequest: MessageTypeDefinition<_fes_orchestration_v1_ListSimulationsRequest, _fes_orchestration_v1_ListSimulationsRequestOutput>
        ListSimulationsResponse: MessageTypeDefinition<_fes_orchestration_v1_ListSimulationsResponse, _fes_orchestration_v1_ListSimulationsResponseOutput>
        ListWorkerTypesRequest: MessageTypeDefinition<_fes_orchestration_v1_ListWorkerTypesRequest, _fes_orchestration_v1_ListWorkerTypesRequestOutput>
        ListWorkerTypesResponse: MessageTypeDefinition<_fes_orchestration_v1_ListWorkerTypesResponse, _fes_orchestration_v1_ListWorkerTypesResponseOutput>
        /**
         * What operators call, on the client address.
         */
        OrchestratorAdminService: SubtypeConstructor<typeof grpc.Client, _fes_orchestration_v1_OrchestratorAdminServiceClient> & { service: _fes_orchestration_v1_OrchestratorAdminServiceDefinition }
        /**
         * What user interfaces, scripts and experiment managers call, on the client address. An unknown simulation is NOT_FOUND.
         * Label selectors have the grammar of Kubernetes: `=`, `==`, `!=`, `in`, `notin`, exists. A `request_id` has the scope of
         * the caller and the method and is kept an hour and over restarts: the same id with the same body gets the same answer,
         * with another body INVALID_ARGUMENT.
         */
        OrchestratorClientService: SubtypeConstructor<typeof grpc.Client, _fes_orchestration_v1_OrchestratorClientServiceClient> & { service: _fes_orchestration_v1_OrchestratorClientServiceDefinition }
        /**
         * What workers call, on the worker address. Every call carries metadata `authorization: Bearer TOKEN` with the token
         * that the worker was launched with. An event that names another simulation or worker than its token's, or a key that
         * begins with `orchestrator.`, is PERMISSION_DENIED. A worker that has not registered gets FAILED_PRECONDITION.
         * 
         * Events of one stream are published in order; between streams there is no order. A bad event is rejected by itself and
         * the rest goes on. When a stream ends early, a new one starts and resends all that was not acknowledged.
         */
        OrchestratorWorkerService: SubtypeConstructor<typeof grpc.Client, _fes_orchestration_v1_OrchestratorWorkerServiceClient> & { service: _fes_orchestration_v1_OrchestratorWorkerServiceDefinition }
        OutputStream: EnumTypeDefinition
        OverflowPolicy: EnumTypeDefinition
        PauseCommand: MessageTypeDefinition<_fes_orchestration_v1_PauseCommand, _fes_orchestration_v1_PauseCommandOutput>
        ReadWorkerOutputRequest: MessageTypeDefinition<_fes_orchestration_v1_ReadWorkerOutputRequest, _fes_orchestration_v1_ReadWorkerOutputRequestOutput>
        ReadWorkerOutputResponse: MessageTypeDefinition<_fes_orchestration_v1_ReadWorkerOutputResponse, _fes_orchestration_v1_ReadWorkerOutputResponseOutput>
        ReceiveCommandsRequest: MessageTypeDefinition<_fes_orchestration_v1_ReceiveCommandsRequest, _fes_orchestration_v1_ReceiveCommandsRequestOutput>
        RegisterWorkerRequest: MessageTypeDefinition<_fes_orchestration_v1_RegisterWorkerRequest, _fes_orchestration_v1_RegisterWorkerRequestOutput>
        RegisterWorkerResponse: MessageTypeDefinition<_fes_orchestration_v1_RegisterWorkerResponse, _fes_orchestration_v1_RegisterWorkerResponseOutput>
        RejectedEvent: MessageTypeDefinition<_fes_orchestration_v1_RejectedEvent, _fes_orchestration_v1_RejectedEventOutput>
        ReloadConfigRequest: MessageTypeDefinition<_fes_orchestration_v1_ReloadConfigRequest, _fes_orchestration_v1_ReloadConfigRequestOutput>
        ReloadConfigResponse: MessageTypeDefinition<_fes_orchestration_v1_ReloadConfigResponse, _fes_orchestration_v1_ReloadConfigResponseOutput>
        RemoveSimulationRequest: MessageTypeDefinition<_fes_orchestration_v1_RemoveSimulationRequest, _fes_orchestration_v1_RemoveSimulationRequestOutput>
        RemoveSimulationResponse: MessageTypeDefinition<_fes_orchestration_v1_RemoveSimulationResponse, _fes_orchestration_v1_RemoveSimulationResponseOutput>
        ReportEventBatchesRequest: MessageTypeDefinition<_fes_orchestration_v1_ReportEventBatchesRequest, _fes_orchestration_v1_ReportEventBatchesRequestOutput>
        ReportEventBatchesResponse: MessageTypeDefinition<_fes_orchestration_v1_ReportEventBatchesResponse, _fes_orchestration_v1_ReportEventBatchesResponseOutput>
        ReportEventResponse: MessageTypeDefinition<_fes_orchestration_v1_ReportEventResponse, _fes_orchestration_v1_ReportEventResponseOutput>
        ReportEventStreamResponse: MessageTypeDefinition<_fes_orchestration_v1_ReportEventStreamResponse, _fes_orchestration_v1_ReportEventStreamResponseOutput>
        ResetCommand: MessageTypeDefinition<_fes_orchestration_v1_ResetCommand, _fes_orchestration_v1_ResetCommandOutput>
        RestartOverride: MessageTypeDefinition<_fes_orchestration_v1_RestartOverride, _fes_orchestration_v1_RestartOverrideOutput>
        RestartPolicy: EnumTypeDefinition
        ResumeCommand: MessageTypeDefinition<_fes_orchestration_v1_ResumeCommand, _fes_orchestration_v1_ResumeCommandOutput>
        SetSpeedCommand: MessageTypeDefinition<_fes_orchestration_v1_SetSpeedCommand, _fes_orchestration_v1_SetSpeedCommandOutput>
        Simulation: MessageTypeDefinition<_fes_orchestration_v1_Simulation, _fes_orchestration_v1_SimulationOutput>
        SimulationState: EnumTypeDefinition
        SnapshotCommand: MessageTypeDefinition<_fes_orchestration_v1_SnapshotCommand, _fes_orchestration_v1_SnapshotCommandOutput>
        StartSimulationRequest: MessageTypeDefinition<_fes_orchestration_v1_StartSimulationRequest, _fes_orchestration_v1_StartSimulationRequestOutput>
        StartSimulationResponse: MessageTypeDefinition<_fes_orchestration_v1_StartSimulationResponse, _fes_orchestration_v1_StartSimulationResponseOutput>
        StepCommand: MessageTypeDefinition<_fes_orchestration_v1_StepCommand, _fes_orchestration_v1_StepCommandOutput>
        StopCommand: MessageTypeDefinition<_fes_orchestration_v1_StopCommand, _fes_orchestration_v1_StopCommandOutput>
        StragglerPolicy: EnumTypeDefinition
        SubscribeToEventsRequest: MessageTypeDefinition<_fes_orchestration_v1_SubscribeToEventsRequest, _fes_orchestration_v1_SubscribeToEventsRequestOutput>
        SubscribeToEventsResponse: MessageTypeDefinition<_fes_orchestration_v1_SubscribeToEventsResponse, _fes_orchestration_v1_SubscribeToEventsResponseOutput>
        UndrainRequest: MessageTypeDefinition<_fes_orchestration_v1_UndrainRequest, _fes_orchestration_v1_UndrainRequestOutput>
        UndrainResponse: MessageTypeDefinition<_fes_orchestration_v1_UndrainResponse, _fes_orchestration_v1_UndrainResponseOutput>
        WatchSimulationsRequest: MessageTypeDefinition<_fes_orchestration_v1_WatchSimulationsRequest, _fes_orchestration_v1_WatchSimulationsRequestOutput>
        WatchSimulationsResponse: MessageTypeDefinition<_fes_orchestration_v1_WatchSimulationsResponse, _fes_orchestration_v1_WatchSimulationsResponseOutput>
        WorkerTypeInfo: MessageTypeDefinition<_fes_orchestration_v1_WorkerTypeInfo, _fes_orchestration_v1_WorkerTypeInfoOutput>
      }
    }
    simulation: {
      agent: {
        AgentAction: MessageTypeDefinition<_fes_simulation_agent_AgentAction, _fes_simulation_agent_AgentActionOutput>
        AgentObservation: MessageTypeDefinition<_fes_simulation_agent_AgentObservation, _fes_simulation_agent_AgentObservationOutput>
        AgentReward: MessageTypeDefinition<_fes_simulation_agent_AgentReward, _fes_simulation_agent_AgentRewardOutput>
        EntityType: EnumTypeDefinition
        Percept: MessageTypeDefinition<_fes_simulation_agent_Percept, _fes_simulation_agent_PerceptOutput>
      }
    }
  }
  google: {
    protobuf: {
      Any: MessageTypeDefinition<_google_protobuf_Any, _google_protobuf_AnyOutput>
      Duration: MessageTypeDefinition<_google_protobuf_Duration, _google_protobuf_DurationOutput>
      ListValue: MessageTypeDefinition<_google_protobuf_ListValue, _google_protobuf_ListValueOutput>
      NullValue: EnumTypeDefinition
      Struct: MessageTypeDefinition<_google_protobuf_Struct, _google_protobuf_StructOutput>
      Timestamp: MessageTypeDefinition<_google_protobuf_Timestamp, _google_protobuf_TimestampOutput>
      Value: MessageTypeDefinition<_google_protobuf_Value, _google_protobuf_ValueOutput>
    }
    rpc: {
      BadRequest: MessageTypeDefinition<_google_rpc_BadRequest, _google_rpc_BadRequestOutput>
      Code: EnumTypeDefinition
      DebugInfo: MessageTypeDefinition<_google_rpc_DebugInfo, _google_rpc_DebugInfoOutput>
      ErrorInfo: MessageTypeDefinition<_google_rpc_ErrorInfo, _google_rpc_ErrorInfoOutput>
      Help: MessageTypeDefinition<_google_rpc_Help, _google_rpc_HelpOutput>
      LocalizedMessage: MessageTypeDefinition<_google_rpc_LocalizedMessage, _google_rpc_LocalizedMessageOutput>
      PreconditionFailure: MessageTypeDefinition<_google_rpc_PreconditionFailure, _google_rpc_PreconditionFailureOutput>
      QuotaFailure: MessageTypeDefinition<_google_rpc_QuotaFailure, _google_rpc_QuotaFailureOutput>
      RequestInfo: MessageTypeDefinition<_google_rpc_RequestInfo, _google_rpc_RequestInfoOutput>
      ResourceInfo: MessageTypeDefinition<_google_rpc_ResourceInfo, _google_rpc_ResourceInfoOutput>
      RetryInfo: MessageTypeDefinition<_google_rpc_RetryInfo, _google_rpc_RetryInfoOutput>
      Status: MessageTypeDefinition<_google_rpc_Status, _google_rpc_StatusOutput>
    }
  }
  grpc: {
    health: {
      v1: {
        /**
         * Health is gRPC's mechanism for checking whether a server is able to handle
         * RPCs. Its semantics are documented in
         * https://github.com/grpc/grpc/blob/master/doc/health-checking.md.
         */
        Health: SubtypeConstructor<typeof grpc.Client, _grpc_health_v1_HealthClient> & { service: _grpc_health_v1_HealthDefinition }
        HealthCheckRequest: MessageTypeDefinition<_grpc_health_v1_HealthCheckRequest, _grpc_health_v1_HealthCheckRequestOutput>
        HealthCheckResponse: MessageTypeDefinition<_grpc_health_v1_HealthCheckResponse, _grpc_health_v1_HealthCheckResponseOutput>
        HealthListRequest: MessageTypeDefinition<_grpc_health_v1_HealthListRequest, _grpc_health_v1_HealthListRequestOutput>
        HealthListResponse: MessageTypeDefinition<_grpc_health_v1_HealthListResponse, _grpc_health_v1_HealthListResponseOutput>
      }
    }
    reflection: {
      v1: {
        ErrorResponse: MessageTypeDefinition<_grpc_reflection_v1_ErrorResponse, _grpc_reflection_v1_ErrorResponseOutput>
        ExtensionNumberResponse: MessageTypeDefinition<_grpc_reflection_v1_ExtensionNumberResponse, _grpc_reflection_v1_ExtensionNumberResponseOutput>
        ExtensionRequest: MessageTypeDefinition<_grpc_reflection_v1_ExtensionRequest, _grpc_reflection_v1_ExtensionRequestOutput>
        FileDescriptorResponse: MessageTypeDefinition<_grpc_reflection_v1_FileDescriptorResponse, _grpc_reflection_v1_FileDescriptorResponseOutput>
        ListServiceResponse: MessageTypeDefinition<_grpc_reflection_v1_ListServiceResponse, _grpc_reflection_v1_ListServiceResponseOutput>
        ServerReflection: SubtypeConstructor<typeof grpc.Client, _grpc_reflection_v1_ServerReflectionClient> & { service: _grpc_reflection_v1_ServerReflectionDefinition }
        ServerReflectionRequest: MessageTypeDefinition<_grpc_reflection_v1_ServerReflectionRequest, _grpc_reflection_v1_ServerReflectionRequestOutput>
        ServerReflectionResponse: MessageTypeDefinition<_grpc_reflection_v1_ServerReflectionResponse, _grpc_reflection_v1_ServerReflectionResponseOutput>
        ServiceResponse: MessageTypeDefinition<_grpc_reflection_v1_ServiceResponse, _grpc_reflection_v1_ServiceResponseOutput>
      }
      v1alpha: {
        ErrorResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_ErrorResponse, _grpc_reflection_v1alpha_ErrorResponseOutput>
        ExtensionNumberResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_ExtensionNumberResponse, _grpc_reflection_v1alpha_ExtensionNumberResponseOutput>
        ExtensionRequest: MessageTypeDefinition<_grpc_reflection_v1alpha_ExtensionRequest, _grpc_reflection_v1alpha_ExtensionRequestOutput>
        FileDescriptorResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_FileDescriptorResponse, _grpc_reflection_v1alpha_FileDescriptorResponseOutput>
        ListServiceResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_ListServiceResponse, _grpc_reflection_v1alpha_ListServiceResponseOutput>
        ServerReflection: SubtypeConstructor<typeof grpc.Client, _grpc_reflection_v1alpha_ServerReflectionClient> & { service: _grpc_reflection_v1alpha_ServerReflectionDefinition }
        ServerReflectionRequest: MessageTypeDefinition<_grpc_reflection_v1alpha_ServerReflectionRequest, _grpc_reflection_v1alpha_ServerReflectionRequestOutput>
        ServerReflectionResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_ServerReflectionResponse, _grpc_reflection_v1alpha_ServerReflectionResponseOutput>
        ServiceResponse: MessageTypeDefinition<_grpc_reflection_v1alpha_ServiceResponse, _grpc_reflection_v1alpha_ServiceResponseOutput>
      }
    }
  }
}


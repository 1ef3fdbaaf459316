/**
 * The contract in proto, written down a second time: what others rely on. A line here may be added, with an entry in the
 * changelog of docs/contract.md; it is never changed and never taken away.
 */

const events = {
  GenericEventRequest:
    '1 event_id string | 2 event_type_key string | 3 event_payload bytes | 4 timestamp_ns int64 | 5 source_worker_id string | 6 simulation_id string | 7 payload_content_type string | 8 correlation_id string | 9 attributes map<string,string> | 10 ordinal uint64',
};

const agent = {
  EntityType: '0 ENTITY_TYPE_UNSPECIFIED | 1 ENTITY_TYPE_FOOD | 2 ENTITY_TYPE_AGENT | 3 ENTITY_TYPE_WALL_OBSTACLE',
  Percept: '1 entity_type EntityType | 2 entity_id string | 3 relative_pos_x float | 4 relative_pos_y float',
  AgentObservation:
    '1 current_energy float | 2 current_age_ticks int64 | 3 pos_x float | 4 pos_y float | 5 orientation_degrees float | 6 percepts repeated Percept | 7 last_reward float',
  AgentAction: '1 move_delta float | 2 turn_delta_degrees float | 3 attempt_eat bool',
  AgentReward: '1 reward float | 2 done bool | 3 tick uint64',
};

const workers = {
  'OrchestratorWorkerService/RegisterWorker': 'RegisterWorkerRequest -> RegisterWorkerResponse',
  'OrchestratorWorkerService/ReportEvent': 'fes.common.events.GenericEventRequest -> ReportEventResponse',
  'OrchestratorWorkerService/ReportEventStream':
    'stream fes.common.events.GenericEventRequest -> stream ReportEventStreamResponse',
  'OrchestratorWorkerService/ReportEventBatches':
    'stream ReportEventBatchesRequest -> stream ReportEventBatchesResponse',
  'OrchestratorWorkerService/ReceiveCommands': 'ReceiveCommandsRequest -> stream fes.common.events.GenericEventRequest',
  'OrchestratorWorkerService/Heartbeat': 'HeartbeatRequest -> HeartbeatResponse',
  RegisterWorkerRequest:
    '1 worker_id string | 2 simulation_id string | 3 sdk string | 4 supported_commands repeated string | 5 labels map<string,string> | 6 pid uint32',
  RegisterWorkerResponse:
    '1 command_transport string | 2 command_subject string | 3 nats_urls repeated string | 4 heartbeat_interval_ms uint32 | 5 max_batch_events uint32 | 6 max_event_bytes uint32 | 7 desired_state SimulationState | 8 resumed bool | 9 max_batch_bytes uint32 | 10 max_in_flight_batches uint32 | 11 incarnation uint32 | 12 resume_after_ordinal uint64',
  ReportEventResponse: '1 logged bool | 2 log_sequence uint64',
  ReportEventStreamResponse: '1 processed uint64 | 2 rejected repeated RejectedEvent',
  ReportEventBatchesRequest: '1 sequence uint64 | 2 events repeated fes.common.events.GenericEventRequest',
  ReportEventBatchesResponse: '1 sequence uint64 | 2 rejected repeated RejectedEvent',
  RejectedEvent: '1 index uint64 | 2 event_id string | 3 code int32 | 4 message string | 5 batch_sequence uint64',
  ReceiveCommandsRequest: '1 worker_id string | 2 simulation_id string',
  HeartbeatRequest:
    '1 worker_id string | 2 simulation_id string | 3 tick uint64 | 4 state SimulationState | 5 gauges map<string,double>',
  HeartbeatResponse: '1 desired_state SimulationState | 2 heartbeat_interval_ms uint32',
};

const clients = {
  'OrchestratorClientService/StartSimulation': 'StartSimulationRequest -> StartSimulationResponse',
  'OrchestratorClientService/ControlSimulation': 'ControlSimulationRequest -> ControlSimulationResponse',
  'OrchestratorClientService/ControlSimulations': 'ControlSimulationsRequest -> ControlSimulationsResponse',
  'OrchestratorClientService/GetSimulationStatus': 'GetSimulationStatusRequest -> GetSimulationStatusResponse',
  'OrchestratorClientService/ListSimulations': 'ListSimulationsRequest -> ListSimulationsResponse',
  'OrchestratorClientService/WatchSimulations': 'WatchSimulationsRequest -> stream WatchSimulationsResponse',
  'OrchestratorClientService/SubscribeToEvents': 'SubscribeToEventsRequest -> stream SubscribeToEventsResponse',
  'OrchestratorClientService/RemoveSimulation': 'RemoveSimulationRequest -> RemoveSimulationResponse',
  'OrchestratorClientService/ListWorkerTypes': 'ListWorkerTypesRequest -> ListWorkerTypesResponse',
  StartSimulationRequest:
    '1 simulation_id string | 2 worker_type string | 3 config google.protobuf.Struct | 4 config_blob bytes | 5 config_content_type string | 6 labels map<string,string> | 7 seed optional uint64 | 8 start_paused bool | 9 request_id string | 10 max_run_time google.protobuf.Duration | 11 restart RestartOverride',
  StartSimulationResponse: '1 simulation Simulation',
  ControlSimulationRequest:
    '1 simulation_id string | 2 pause PauseCommand of oneof command | 3 resume ResumeCommand of oneof command | 4 step StepCommand of oneof command | 5 reset ResetCommand of oneof command | 6 stop StopCommand of oneof command | 7 agent_action AgentActionCommand of oneof command | 8 inject_agent InjectAgentCommand of oneof command | 9 custom CustomCommand of oneof command | 10 set_speed SetSpeedCommand of oneof command | 11 snapshot SnapshotCommand of oneof command | 15 request_id string | 16 wait_for_completion bool | 17 timeout google.protobuf.Duration | 18 expected_revision optional uint64 | reserved 12 to 14',
  ControlSimulationResponse:
    '1 command_id string | 2 state SimulationState | 3 completed bool | 4 tick uint64 | 5 message string | 6 code int32 | 7 result bytes | 8 result_content_type string | 9 phase CommandPhase | 10 snapshot_ref string',
  ControlSimulationsRequest:
    '1 simulation_ids repeated string | 2 label_selector string | 3 template ControlSimulationRequest | 4 straggler StragglerPolicy | 5 quorum uint32',
  ControlSimulationsResponse: '1 results repeated ControlResult',
  ControlResult: '1 simulation_id string | 2 response ControlSimulationResponse | 3 code int32 | 4 message string',
  StragglerPolicy:
    '0 STRAGGLER_POLICY_UNSPECIFIED | 1 STRAGGLER_POLICY_WAIT | 2 STRAGGLER_POLICY_QUORUM | 3 STRAGGLER_POLICY_DEADLINE',
  GetSimulationStatusRequest: '1 simulation_id string',
  GetSimulationStatusResponse: '1 simulation Simulation',
  ListSimulationsRequest:
    '1 states repeated SimulationState | 2 label_selector string | 3 page_size int32 | 4 page_token string',
  ListSimulationsResponse: '1 simulations repeated Simulation | 2 next_page_token string',
  WatchSimulationsRequest: '1 simulation_ids repeated string | 2 label_selector string | 3 from_revision uint64',
  WatchSimulationsResponse: '1 simulation Simulation | 2 initial bool | 3 synced bool | 4 deleted bool',
  SubscribeToEventsRequest:
    '1 simulation_id string | 2 event_type_keys repeated string | 3 new_only bool of oneof start | 4 from_sequence uint64 of oneof start | 5 from_time google.protobuf.Timestamp of oneof start | 6 from_beginning bool of oneof start | 7 no_follow bool | 8 overflow OverflowPolicy | 9 attributes map<string,string> | 10 simulation_ids repeated string | 11 label_selector string | 12 max_rate_hz double | 13 latest_only bool | 14 qualities repeated EventQuality',
  EventQuality: '1 event_type_keys repeated string | 2 max_rate_hz double | 3 latest_only bool',
  OverflowPolicy:
    '0 OVERFLOW_POLICY_UNSPECIFIED | 1 OVERFLOW_POLICY_DROP_OLDEST | 2 OVERFLOW_POLICY_BLOCK | 3 OVERFLOW_POLICY_DISCONNECT',
  SubscribeToEventsResponse:
    '1 event fes.common.events.GenericEventRequest | 2 log_sequence uint64 | 3 dropped uint64 | 4 subject string | 5 simulation_sequence uint64',
  RemoveSimulationRequest: '1 simulation_id string',
  RemoveSimulationResponse: '',
  ListWorkerTypesRequest: '',
  ListWorkerTypesResponse: '1 worker_types repeated WorkerTypeInfo',
  WorkerTypeInfo:
    '1 name string | 2 plugin string | 3 description string | 4 event_type_keys repeated string | 5 commands repeated string | 6 available bool | 7 reason string | 8 config_schema string',
  Simulation:
    '1 simulation_id string | 2 worker_type string | 3 state SimulationState | 4 worker_id string | 5 incarnation uint32 | 6 labels map<string,string> | 7 created_at google.protobuf.Timestamp | 8 started_at google.protobuf.Timestamp | 9 ended_at google.protobuf.Timestamp | 10 exit_code optional int32 | 11 reason string | 12 last_tick uint64 | 13 events_received uint64 | 14 events_logged uint64 | 15 restarts uint32 | 16 revision uint64 | 17 orchestrator_id string | 18 seed optional uint64 | 19 message string | 20 exit_signal string | 21 restart RestartOverride | 22 next_try_at google.protobuf.Timestamp',
  SimulationState:
    '0 SIMULATION_STATE_UNSPECIFIED | 1 SIMULATION_STATE_PENDING | 2 SIMULATION_STATE_STARTING | 3 SIMULATION_STATE_RUNNING | 4 SIMULATION_STATE_PAUSED | 5 SIMULATION_STATE_STOPPING | 6 SIMULATION_STATE_COMPLETED | 7 SIMULATION_STATE_FAILED | 8 SIMULATION_STATE_STOPPED | 9 SIMULATION_STATE_RESTARTING | 10 SIMULATION_STATE_LOST',
};

const commands = {
  PauseCommand: '',
  ResumeCommand: '',
  StepCommand: '1 ticks uint64',
  ResetCommand: '1 seed optional uint64 | 2 config google.protobuf.Struct',
  StopCommand: '1 force bool | 2 grace google.protobuf.Duration',
  AgentActionCommand: '1 agent_id string | 2 action bytes | 3 content_type string',
  InjectAgentCommand: '1 payload bytes | 2 content_type string',
  CustomCommand: '1 command_key string | 2 payload bytes | 3 content_type string',
  SetSpeedCommand: '1 ticks_per_second double',
  SnapshotCommand: '1 name string',
  AssignCommand:
    '1 simulation_id string | 2 config bytes | 3 config_content_type string | 4 seed optional uint64 | 5 token string | 6 start_paused bool | 7 incarnation uint32',
  CommandAck:
    '1 ok bool | 2 message string | 3 tick uint64 | 4 state SimulationState | 5 code int32 | 6 result bytes | 7 result_content_type string | 8 snapshot_ref string',
  CommandPhase:
    '0 COMMAND_PHASE_UNSPECIFIED | 1 COMMAND_PHASE_ACCEPTED | 2 COMMAND_PHASE_DELIVERED | 3 COMMAND_PHASE_APPLIED | 4 COMMAND_PHASE_REFUSED',
};

const admin = {
  'OrchestratorAdminService/GetInfo': 'GetInfoRequest -> GetInfoResponse',
  'OrchestratorAdminService/ReloadConfig': 'ReloadConfigRequest -> ReloadConfigResponse',
  'OrchestratorAdminService/Drain': 'DrainRequest -> DrainResponse',
  'OrchestratorAdminService/Undrain': 'UndrainRequest -> UndrainResponse',
  GetInfoRequest: '',
  GetInfoResponse:
    '1 version string | 2 orchestrator_id string | 3 messaging_adapter string | 4 durability string | 5 draining bool | 6 started_at google.protobuf.Timestamp | 7 contract_version string | 8 nats_server_version string',
  ReloadConfigRequest: '',
  ReloadConfigResponse: '1 changed repeated string | 2 restart_required repeated string',
  DrainRequest: '1 deadline google.protobuf.Duration',
  DrainResponse: '1 draining bool | 2 remaining uint32',
  UndrainRequest: '',
  UndrainResponse: '1 draining bool',
};

/** Shoal's own additions to version 1 of the contract. */
const extensions = {
  RestartOverride: '1 policy RestartPolicy | 2 max_restarts optional uint32',
  RestartPolicy:
    '0 RESTART_POLICY_UNSPECIFIED | 1 RESTART_POLICY_NEVER | 2 RESTART_POLICY_ON_FAILURE | 3 RESTART_POLICY_ALWAYS',
  'OrchestratorClientService/ReadWorkerOutput': 'ReadWorkerOutputRequest -> stream ReadWorkerOutputResponse',
  ReadWorkerOutputRequest: '1 simulation_id string | 2 tail_lines uint32 | 3 follow bool',
  ReadWorkerOutputResponse:
    '1 line string | 2 stream OutputStream | 3 worker_id string | 4 time google.protobuf.Timestamp | 5 truncated bool',
  OutputStream: '0 OUTPUT_STREAM_UNSPECIFIED | 1 OUTPUT_STREAM_STDOUT | 2 OUTPUT_STREAM_STDERR',
};

function inPackage(name: string, lines: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(lines).map(([type, line]) => [`${name}.${type}`, line]));
}

/** Full name to one line. Types of the same package go by their short names. */
export const contractTable: Record<string, string> = {
  ...inPackage('fes.common.events', events),
  ...inPackage('fes.simulation.agent', agent),
  ...inPackage('fes.orchestration.v1', { ...workers, ...clients, ...commands, ...admin, ...extensions }),
};

/** Where the contract is, as others import it. */
export const contractFiles = [
  'fes/common/events/generic_event.proto',
  'fes/orchestration/v1/admin_service.proto',
  'fes/orchestration/v1/client_service.proto',
  'fes/orchestration/v1/command.proto',
  'fes/orchestration/v1/simulation.proto',
  'fes/orchestration/v1/worker_service.proto',
  'fes/simulation/agent/agent.proto',
];

// Original file: proto/fes/orchestration/v1/client_service.proto

import type { PauseCommand as _fes_orchestration_v1_PauseCommand, PauseCommandOutput as _fes_orchestration_v1_PauseCommandOutput } from '../../../fes/orchestration/v1/PauseCommand.ts';
import type { ResumeCommand as _fes_orchestration_v1_ResumeCommand, ResumeCommandOutput as _fes_orchestration_v1_ResumeCommandOutput } from '../../../fes/orchestration/v1/ResumeCommand.ts';
import type { StepCommand as _fes_orchestration_v1_StepCommand, StepCommandOutput as _fes_orchestration_v1_StepCommandOutput } from '../../../fes/orchestration/v1/StepCommand.ts';
import type { ResetCommand as _fes_orchestration_v1_ResetCommand, ResetCommandOutput as _fes_orchestration_v1_ResetCommandOutput } from '../../../fes/orchestration/v1/ResetCommand.ts';
import type { StopCommand as _fes_orchestration_v1_StopCommand, StopCommandOutput as _fes_orchestration_v1_StopCommandOutput } from '../../../fes/orchestration/v1/StopCommand.ts';
import type { AgentActionCommand as _fes_orchestration_v1_AgentActionCommand, AgentActionCommandOutput as _fes_orchestration_v1_AgentActionCommandOutput } from '../../../fes/orchestration/v1/AgentActionCommand.ts';
import type { InjectAgentCommand as _fes_orchestration_v1_InjectAgentCommand, InjectAgentCommandOutput as _fes_orchestration_v1_InjectAgentCommandOutput } from '../../../fes/orchestration/v1/InjectAgentCommand.ts';
import type { CustomCommand as _fes_orchestration_v1_CustomCommand, CustomCommandOutput as _fes_orchestration_v1_CustomCommandOutput } from '../../../fes/orchestration/v1/CustomCommand.ts';
import type { SetSpeedCommand as _fes_orchestration_v1_SetSpeedCommand, SetSpeedCommandOutput as _fes_orchestration_v1_SetSpeedCommandOutput } from '../../../fes/orchestration/v1/SetSpeedCommand.ts';
import type { SnapshotCommand as _fes_orchestration_v1_SnapshotCommand, SnapshotCommandOutput as _fes_orchestration_v1_SnapshotCommandOutput } from '../../../fes/orchestration/v1/SnapshotCommand.ts';
import type { Duration as _google_protobuf_Duration, DurationOutput as _google_protobuf_DurationOutput } from '../../../google/protobuf/Duration.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One command to one simulation.
 */
export interface ControlSimulationRequest {
  /**
   * Whom the command is for.
   */
  'simulationId'?: (string) | undefined;
  /**
   * Hold between two ticks.
   */
  'pause'?: (_fes_orchestration_v1_PauseCommand | null) | undefined;
  /**
   * Advance again.
   */
  'resume'?: (_fes_orchestration_v1_ResumeCommand | null) | undefined;
  /**
   * Advance a number of ticks and hold again.
   */
  'step'?: (_fes_orchestration_v1_StepCommand | null) | undefined;
  /**
   * Begin again at tick 0.
   */
  'reset'?: (_fes_orchestration_v1_ResetCommand | null) | undefined;
  /**
   * End the run.
   */
  'stop'?: (_fes_orchestration_v1_StopCommand | null) | undefined;
  /**
   * Do something as one agent.
   */
  'agentAction'?: (_fes_orchestration_v1_AgentActionCommand | null) | undefined;
  /**
   * Put a new agent into the run.
   */
  'injectAgent'?: (_fes_orchestration_v1_InjectAgentCommand | null) | undefined;
  /**
   * Any other command that the worker type understands.
   */
  'custom'?: (_fes_orchestration_v1_CustomCommand | null) | undefined;
  /**
   * Set the pace.
   */
  'setSpeed'?: (_fes_orchestration_v1_SetSpeedCommand | null) | undefined;
  /**
   * Write the run's state to a file.
   */
  'snapshot'?: (_fes_orchestration_v1_SnapshotCommand | null) | undefined;
  /**
   * Makes a retry safe: a repeat with the same id re-attaches to its command and does not give it again. May be empty.
   */
  'requestId'?: (string) | undefined;
  /**
   * Whether to answer only when the worker acknowledged; false: when the command is taken on.
   */
  'waitForCompletion'?: (boolean) | undefined;
  /**
   * How long to wait for the acknowledgement; absent: as configured.
   */
  'timeout'?: (_google_protobuf_Duration | null) | undefined;
  /**
   * The `revision` that the simulation must still have, else ABORTED and no command is given; absent: any.
   */
  'expectedRevision'?: (number | string | Long) | undefined;
  /**
   * The command; exactly one.
   */
  'command'?: "pause"|"resume"|"step"|"reset"|"stop"|"agentAction"|"injectAgent"|"custom"|"setSpeed"|"snapshot" | undefined;
  '_expectedRevision'?: "expectedRevision" | undefined;
}

/**
 * One command to one simulation.
 */
export interface ControlSimulationRequestOutput {
  /**
   * Whom the command is for.
   */
  'simulationId': (string);
  /**
   * Hold between two ticks.
   */
  'pause'?: (_fes_orchestration_v1_PauseCommandOutput | null) | undefined;
  /**
   * Advance again.
   */
  'resume'?: (_fes_orchestration_v1_ResumeCommandOutput | null) | undefined;
  /**
   * Advance a number of ticks and hold again.
   */
  'step'?: (_fes_orchestration_v1_StepCommandOutput | null) | undefined;
  /**
   * Begin again at tick 0.
   */
  'reset'?: (_fes_orchestration_v1_ResetCommandOutput | null) | undefined;
  /**
   * End the run.
   */
  'stop'?: (_fes_orchestration_v1_StopCommandOutput | null) | undefined;
  /**
   * Do something as one agent.
   */
  'agentAction'?: (_fes_orchestration_v1_AgentActionCommandOutput | null) | undefined;
  /**
   * Put a new agent into the run.
   */
  'injectAgent'?: (_fes_orchestration_v1_InjectAgentCommandOutput | null) | undefined;
  /**
   * Any other command that the worker type understands.
   */
  'custom'?: (_fes_orchestration_v1_CustomCommandOutput | null) | undefined;
  /**
   * Set the pace.
   */
  'setSpeed'?: (_fes_orchestration_v1_SetSpeedCommandOutput | null) | undefined;
  /**
   * Write the run's state to a file.
   */
  'snapshot'?: (_fes_orchestration_v1_SnapshotCommandOutput | null) | undefined;
  /**
   * Makes a retry safe: a repeat with the same id re-attaches to its command and does not give it again. May be empty.
   */
  'requestId': (string);
  /**
   * Whether to answer only when the worker acknowledged; false: when the command is taken on.
   */
  'waitForCompletion': (boolean);
  /**
   * How long to wait for the acknowledgement; absent: as configured.
   */
  'timeout': (_google_protobuf_DurationOutput | null);
  /**
   * The `revision` that the simulation must still have, else ABORTED and no command is given; absent: any.
   */
  'expectedRevision'?: (string) | undefined;
  /**
   * The command; exactly one.
   */
  'command'?: "pause"|"resume"|"step"|"reset"|"stop"|"agentAction"|"injectAgent"|"custom"|"setSpeed"|"snapshot" | undefined;
  '_expectedRevision'?: "expectedRevision" | undefined;
}

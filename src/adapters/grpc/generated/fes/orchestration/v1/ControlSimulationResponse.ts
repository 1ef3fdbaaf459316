// Original file: proto/fes/orchestration/v1/client_service.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';
import type { CommandPhase as _fes_orchestration_v1_CommandPhase, CommandPhaseOutput as _fes_orchestration_v1_CommandPhaseOutput } from '../../../fes/orchestration/v1/CommandPhase.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * How far the command came.
 */
export interface ControlSimulationResponse {
  /**
   * The id of the command: `event_id` of its envelope, `correlation_id` of its acknowledgement.
   */
  'commandId'?: (string) | undefined;
  /**
   * The state of the simulation as of this answer.
   */
  'state'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * Whether the worker has answered, be it done or refused; false where the command is still on its way.
   */
  'completed'?: (boolean) | undefined;
  /**
   * The tick the worker stands at after the command, in ticks since the start or the last reset.
   */
  'tick'?: (number | string | Long) | undefined;
  /**
   * What the worker said, for people.
   */
  'message'?: (string) | undefined;
  /**
   * Why the worker refused, as a google.rpc.Code number; 0 where it did not.
   */
  'code'?: (number) | undefined;
  /**
   * What the command brought back, opaque to Shoal.
   */
  'result'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the result, as a media type.
   */
  'resultContentType'?: (string) | undefined;
  /**
   * How far the command has come.
   */
  'phase'?: (_fes_orchestration_v1_CommandPhase) | undefined;
  /**
   * Where the worker wrote the snapshot, as it names it; empty for other commands.
   */
  'snapshotRef'?: (string) | undefined;
}

/**
 * How far the command came.
 */
export interface ControlSimulationResponseOutput {
  /**
   * The id of the command: `event_id` of its envelope, `correlation_id` of its acknowledgement.
   */
  'commandId': (string);
  /**
   * The state of the simulation as of this answer.
   */
  'state': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * Whether the worker has answered, be it done or refused; false where the command is still on its way.
   */
  'completed': (boolean);
  /**
   * The tick the worker stands at after the command, in ticks since the start or the last reset.
   */
  'tick': (string);
  /**
   * What the worker said, for people.
   */
  'message': (string);
  /**
   * Why the worker refused, as a google.rpc.Code number; 0 where it did not.
   */
  'code': (number);
  /**
   * What the command brought back, opaque to Shoal.
   */
  'result': (Buffer);
  /**
   * How to read the result, as a media type.
   */
  'resultContentType': (string);
  /**
   * How far the command has come.
   */
  'phase': (_fes_orchestration_v1_CommandPhaseOutput);
  /**
   * Where the worker wrote the snapshot, as it names it; empty for other commands.
   */
  'snapshotRef': (string);
}

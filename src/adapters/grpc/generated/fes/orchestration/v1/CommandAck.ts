// Original file: proto/fes/orchestration/v1/command.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * A worker's answer to one command: the payload of `worker.command_ack.v1`, whose `correlation_id` is the command id.
 */
export interface CommandAck {
  /**
   * Whether the command was done; false: refused, and nothing changed.
   */
  'ok'?: (boolean) | undefined;
  /**
   * What happened, in a sentence for people; expected where `ok` is false.
   */
  'message'?: (string) | undefined;
  /**
   * The tick the worker stands at after the command, in ticks since the start or the last reset.
   */
  'tick'?: (number | string | Long) | undefined;
  /**
   * The state the worker is in after the command.
   */
  'state'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * Why it was refused, as a google.rpc.Code number; 0 where `ok` is true.
   */
  'code'?: (number) | undefined;
  /**
   * What the command brought back, opaque to Shoal; may be empty.
   */
  'result'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the result, as a media type.
   */
  'resultContentType'?: (string) | undefined;
  /**
   * Where the snapshot is that this command wrote, relative to the worker's snapshot folder; empty for other commands.
   */
  'snapshotRef'?: (string) | undefined;
}

/**
 * A worker's answer to one command: the payload of `worker.command_ack.v1`, whose `correlation_id` is the command id.
 */
export interface CommandAckOutput {
  /**
   * Whether the command was done; false: refused, and nothing changed.
   */
  'ok': (boolean);
  /**
   * What happened, in a sentence for people; expected where `ok` is false.
   */
  'message': (string);
  /**
   * The tick the worker stands at after the command, in ticks since the start or the last reset.
   */
  'tick': (string);
  /**
   * The state the worker is in after the command.
   */
  'state': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * Why it was refused, as a google.rpc.Code number; 0 where `ok` is true.
   */
  'code': (number);
  /**
   * What the command brought back, opaque to Shoal; may be empty.
   */
  'result': (Buffer);
  /**
   * How to read the result, as a media type.
   */
  'resultContentType': (string);
  /**
   * Where the snapshot is that this command wrote, relative to the worker's snapshot folder; empty for other commands.
   */
  'snapshotRef': (string);
}

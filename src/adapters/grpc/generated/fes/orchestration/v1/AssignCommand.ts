// Original file: proto/fes/orchestration/v1/command.proto

import type { Long } from '@grpc/proto-loader';

/**
 * Give a warm worker, launched without a simulation, its simulation. Key `orchestrator.control.assign`; sent by Shoal
 * alone.
 */
export interface AssignCommand {
  /**
   * The simulation to run: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'simulationId'?: (string) | undefined;
  /**
   * The run's configuration: JSON, or the blob as it came.
   */
  'config'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read the configuration, as a media type.
   */
  'configContentType'?: (string) | undefined;
  /**
   * The seed of the run; absent where none was given. 0 is a seed like any other.
   */
  'seed'?: (number | string | Long) | undefined;
  /**
   * The bearer token that the worker uses from now on; secret.
   */
  'token'?: (string) | undefined;
  /**
   * Whether to hold at tick 0 until a resume or a step.
   */
  'startPaused'?: (boolean) | undefined;
  /**
   * Which launch for this simulation the worker now is, counted from 1.
   */
  'incarnation'?: (number) | undefined;
  '_seed'?: "seed" | undefined;
}

/**
 * Give a warm worker, launched without a simulation, its simulation. Key `orchestrator.control.assign`; sent by Shoal
 * alone.
 */
export interface AssignCommandOutput {
  /**
   * The simulation to run: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`.
   */
  'simulationId': (string);
  /**
   * The run's configuration: JSON, or the blob as it came.
   */
  'config': (Buffer);
  /**
   * How to read the configuration, as a media type.
   */
  'configContentType': (string);
  /**
   * The seed of the run; absent where none was given. 0 is a seed like any other.
   */
  'seed'?: (string) | undefined;
  /**
   * The bearer token that the worker uses from now on; secret.
   */
  'token': (string);
  /**
   * Whether to hold at tick 0 until a resume or a step.
   */
  'startPaused': (boolean);
  /**
   * Which launch for this simulation the worker now is, counted from 1.
   */
  'incarnation': (number);
  '_seed'?: "seed" | undefined;
}

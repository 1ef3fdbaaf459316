// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Struct as _google_protobuf_Struct, StructOutput as _google_protobuf_StructOutput } from '../../../google/protobuf/Struct.ts';
import type { Duration as _google_protobuf_Duration, DurationOutput as _google_protobuf_DurationOutput } from '../../../google/protobuf/Duration.ts';
import type { RestartOverride as _fes_orchestration_v1_RestartOverride, RestartOverrideOutput as _fes_orchestration_v1_RestartOverrideOutput } from '../../../fes/orchestration/v1/RestartOverride.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * What to run.
 */
export interface StartSimulationRequest {
  /**
   * The run's id: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`; empty: Shoal generates one.
   */
  'simulationId'?: (string) | undefined;
  /**
   * What to launch, by its name in the configuration; see ListWorkerTypes.
   */
  'workerType'?: (string) | undefined;
  /**
   * The run's configuration, handed to the worker as JSON. Whole numbers up to 2^53 are written without fraction or
   * exponent; NaN and infinities are refused. Neither this nor `config_blob`: `{}`; both: INVALID_ARGUMENT.
   */
  'config'?: (_google_protobuf_Struct | null) | undefined;
  /**
   * The run's configuration in a form of the worker's own, handed over as it is.
   */
  'configBlob'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * How to read `config_blob`, as a media type.
   */
  'configContentType'?: (string) | undefined;
  /**
   * What to name the run by, for selectors.
   */
  'labels'?: ({[key: string]: string}) | undefined;
  /**
   * The seed of the run; absent: none. 0 is a seed like any other.
   */
  'seed'?: (number | string | Long) | undefined;
  /**
   * Whether to hold at tick 0 until a resume or a step.
   */
  'startPaused'?: (boolean) | undefined;
  /**
   * Makes a retry safe: a repeat with the same id is answered with the run that the first one started. May be empty.
   */
  'requestId'?: (string) | undefined;
  /**
   * How long the run may take from its start in wall time, before it is stopped; absent: no limit.
   */
  'maxRunTime'?: (_google_protobuf_Duration | null) | undefined;
  /**
   * What this run says of restarts; absent: all is as its worker type has it.
   */
  'restart'?: (_fes_orchestration_v1_RestartOverride | null) | undefined;
  '_seed'?: "seed" | undefined;
}

/**
 * What to run.
 */
export interface StartSimulationRequestOutput {
  /**
   * The run's id: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`; empty: Shoal generates one.
   */
  'simulationId': (string);
  /**
   * What to launch, by its name in the configuration; see ListWorkerTypes.
   */
  'workerType': (string);
  /**
   * The run's configuration, handed to the worker as JSON. Whole numbers up to 2^53 are written without fraction or
   * exponent; NaN and infinities are refused. Neither this nor `config_blob`: `{}`; both: INVALID_ARGUMENT.
   */
  'config': (_google_protobuf_StructOutput | null);
  /**
   * The run's configuration in a form of the worker's own, handed over as it is.
   */
  'configBlob': (Buffer);
  /**
   * How to read `config_blob`, as a media type.
   */
  'configContentType': (string);
  /**
   * What to name the run by, for selectors.
   */
  'labels': ({[key: string]: string});
  /**
   * The seed of the run; absent: none. 0 is a seed like any other.
   */
  'seed'?: (string) | undefined;
  /**
   * Whether to hold at tick 0 until a resume or a step.
   */
  'startPaused': (boolean);
  /**
   * Makes a retry safe: a repeat with the same id is answered with the run that the first one started. May be empty.
   */
  'requestId': (string);
  /**
   * How long the run may take from its start in wall time, before it is stopped; absent: no limit.
   */
  'maxRunTime': (_google_protobuf_DurationOutput | null);
  /**
   * What this run says of restarts; absent: all is as its worker type has it.
   */
  'restart': (_fes_orchestration_v1_RestartOverrideOutput | null);
  '_seed'?: "seed" | undefined;
}

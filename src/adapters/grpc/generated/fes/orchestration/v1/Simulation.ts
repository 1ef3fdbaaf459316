// Original file: proto/fes/orchestration/v1/simulation.proto

import type { SimulationState as _fes_orchestration_v1_SimulationState, SimulationStateOutput as _fes_orchestration_v1_SimulationStateOutput } from '../../../fes/orchestration/v1/SimulationState.ts';
import type { Timestamp as _google_protobuf_Timestamp, TimestampOutput as _google_protobuf_TimestampOutput } from '../../../google/protobuf/Timestamp.ts';
import type { RestartOverride as _fes_orchestration_v1_RestartOverride, RestartOverrideOutput as _fes_orchestration_v1_RestartOverrideOutput } from '../../../fes/orchestration/v1/RestartOverride.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One run and what is known of it: the answer to most calls, and the payload of `orchestrator.simulation_state.v1`.
 */
export interface Simulation {
  /**
   * The run's id: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`; not used again while the record or a logged event is kept.
   */
  'simulationId'?: (string) | undefined;
  /**
   * The worker type that it was started with, by its name in the configuration.
   */
  'workerType'?: (string) | undefined;
  /**
   * Where it is in its life.
   */
  'state'?: (_fes_orchestration_v1_SimulationState) | undefined;
  /**
   * The worker of the present or last incarnation; empty before the first launch.
   */
  'workerId'?: (string) | undefined;
  /**
   * How many times a worker was launched for it: 0 before the first launch, then rising by 1.
   */
  'incarnation'?: (number) | undefined;
  /**
   * What the caller named it by, for selectors; no meaning to Shoal.
   */
  'labels'?: ({[key: string]: string}) | undefined;
  /**
   * When it was recorded.
   */
  'createdAt'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * When a worker first registered for it; absent until then.
   */
  'startedAt'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * When it reached a final state; absent until then.
   */
  'endedAt'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * The exit code of the last worker's process; absent while it runs, and where a signal ended it.
   */
  'exitCode'?: (number) | undefined;
  /**
   * Why it is in this state, as a stable UPPER_SNAKE code for programs; empty where there is nothing to explain.
   */
  'reason'?: (string) | undefined;
  /**
   * The last tick that the worker told of, in ticks since the start or the last reset.
   */
  'lastTick'?: (number | string | Long) | undefined;
  /**
   * Events accepted from its workers, a count over all incarnations.
   */
  'eventsReceived'?: (number | string | Long) | undefined;
  /**
   * Events durable in the log, a count over all incarnations.
   */
  'eventsLogged'?: (number | string | Long) | undefined;
  /**
   * Launches that the restart policy made after a failure, a count; a restart for the sake of a reset is not counted.
   */
  'restarts'?: (number) | undefined;
  /**
   * Rises with every change, across all simulations; WatchSimulations goes on from it, commands may expect it.
   */
  'revision'?: (number | string | Long) | undefined;
  /**
   * The orchestrator that owns this run.
   */
  'orchestratorId'?: (string) | undefined;
  /**
   * The seed of the run; absent where none was given. 0 is a seed like any other.
   */
  'seed'?: (number | string | Long) | undefined;
  /**
   * Why it is in this state, in a sentence for people; not stable.
   */
  'message'?: (string) | undefined;
  /**
   * The signal that ended the last worker's process, such as `SIGKILL`; empty where none did.
   */
  'exitSignal'?: (string) | undefined;
  /**
   * What the run itself says of restarts, as it was started; absent: all is as its worker type has it.
   */
  'restart'?: (_fes_orchestration_v1_RestartOverride | null) | undefined;
  /**
   * In RESTARTING, when the next worker is launched; absent where that does not wait for a time.
   */
  'nextTryAt'?: (_google_protobuf_Timestamp | null) | undefined;
  '_exitCode'?: "exitCode" | undefined;
  '_seed'?: "seed" | undefined;
}

/**
 * One run and what is known of it: the answer to most calls, and the payload of `orchestrator.simulation_state.v1`.
 */
export interface SimulationOutput {
  /**
   * The run's id: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`; not used again while the record or a logged event is kept.
   */
  'simulationId': (string);
  /**
   * The worker type that it was started with, by its name in the configuration.
   */
  'workerType': (string);
  /**
   * Where it is in its life.
   */
  'state': (_fes_orchestration_v1_SimulationStateOutput);
  /**
   * The worker of the present or last incarnation; empty before the first launch.
   */
  'workerId': (string);
  /**
   * How many times a worker was launched for it: 0 before the first launch, then rising by 1.
   */
  'incarnation': (number);
  /**
   * What the caller named it by, for selectors; no meaning to Shoal.
   */
  'labels': ({[key: string]: string});
  /**
   * When it was recorded.
   */
  'createdAt': (_google_protobuf_TimestampOutput | null);
  /**
   * When a worker first registered for it; absent until then.
   */
  'startedAt': (_google_protobuf_TimestampOutput | null);
  /**
   * When it reached a final state; absent until then.
   */
  'endedAt': (_google_protobuf_TimestampOutput | null);
  /**
   * The exit code of the last worker's process; absent while it runs, and where a signal ended it.
   */
  'exitCode'?: (number) | undefined;
  /**
   * Why it is in this state, as a stable UPPER_SNAKE code for programs; empty where there is nothing to explain.
   */
  'reason': (string);
  /**
   * The last tick that the worker told of, in ticks since the start or the last reset.
   */
  'lastTick': (string);
  /**
   * Events accepted from its workers, a count over all incarnations.
   */
  'eventsReceived': (string);
  /**
   * Events durable in the log, a count over all incarnations.
   */
  'eventsLogged': (string);
  /**
   * Launches that the restart policy made after a failure, a count; a restart for the sake of a reset is not counted.
   */
  'restarts': (number);
  /**
   * Rises with every change, across all simulations; WatchSimulations goes on from it, commands may expect it.
   */
  'revision': (string);
  /**
   * The orchestrator that owns this run.
   */
  'orchestratorId': (string);
  /**
   * The seed of the run; absent where none was given. 0 is a seed like any other.
   */
  'seed'?: (string) | undefined;
  /**
   * Why it is in this state, in a sentence for people; not stable.
   */
  'message': (string);
  /**
   * The signal that ended the last worker's process, such as `SIGKILL`; empty where none did.
   */
  'exitSignal': (string);
  /**
   * What the run itself says of restarts, as it was started; absent: all is as its worker type has it.
   */
  'restart': (_fes_orchestration_v1_RestartOverrideOutput | null);
  /**
   * In RESTARTING, when the next worker is launched; absent where that does not wait for a time.
   */
  'nextTryAt': (_google_protobuf_TimestampOutput | null);
  '_exitCode'?: "exitCode" | undefined;
  '_seed'?: "seed" | undefined;
}

// Original file: proto/fes/orchestration/v1/client_service.proto

import type { Timestamp as _google_protobuf_Timestamp, TimestampOutput as _google_protobuf_TimestampOutput } from '../../../google/protobuf/Timestamp.ts';
import type { OverflowPolicy as _fes_orchestration_v1_OverflowPolicy, OverflowPolicyOutput as _fes_orchestration_v1_OverflowPolicyOutput } from '../../../fes/orchestration/v1/OverflowPolicy.ts';
import type { EventQuality as _fes_orchestration_v1_EventQuality, EventQualityOutput as _fes_orchestration_v1_EventQualityOutput } from '../../../fes/orchestration/v1/EventQuality.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * Which events to send, from where, and how to treat a slow reader.
 */
export interface SubscribeToEventsRequest {
  /**
   * Only events of this simulation; empty: of all.
   */
  'simulationId'?: (string) | undefined;
  /**
   * Only events with one of these keys, in which `*` stands for one token and a last `>` for one or more, as in NATS;
   * empty: all.
   */
  'eventTypeKeys'?: (string)[] | undefined;
  /**
   * Only events from now on.
   */
  'newOnly'?: (boolean) | undefined;
  /**
   * From this `log_sequence` on, inclusive.
   */
  'fromSequence'?: (number | string | Long) | undefined;
  /**
   * From the first event on that was logged at this time or later.
   */
  'fromTime'?: (_google_protobuf_Timestamp | null) | undefined;
  /**
   * From the first event that the log still has.
   */
  'fromBeginning'?: (boolean) | undefined;
  /**
   * Whether to end OK at the log's end, as of the call, and not wait for more.
   */
  'noFollow'?: (boolean) | undefined;
  /**
   * What to do with live events when the reader is slow; a replay goes at the reader's pace.
   */
  'overflow'?: (_fes_orchestration_v1_OverflowPolicy) | undefined;
  /**
   * Only events whose `attributes` have all of these.
   */
  'attributes'?: ({[key: string]: string}) | undefined;
  /**
   * Only events of these simulations; empty: as `simulation_id` says.
   */
  'simulationIds'?: (string)[] | undefined;
  /**
   * Only events of simulations whose labels match; empty: of all.
   */
  'labelSelector'?: (string) | undefined;
  /**
   * The most events per second (hertz) for each key and simulation, thinned to the latest ones; 0: all.
   */
  'maxRateHz'?: (number | string) | undefined;
  /**
   * Whether only the latest event of each key and simulation matters, so that older ones that wait may be skipped.
   */
  'latestOnly'?: (boolean) | undefined;
  /**
   * Of some keys, instead of `max_rate_hz` and `latest_only`; the first that names a key counts.
   */
  'qualities'?: (_fes_orchestration_v1_EventQuality)[] | undefined;
  /**
   * Where to begin; unset means `new_only`.
   */
  'start'?: "newOnly"|"fromSequence"|"fromTime"|"fromBeginning" | undefined;
}

/**
 * Which events to send, from where, and how to treat a slow reader.
 */
export interface SubscribeToEventsRequestOutput {
  /**
   * Only events of this simulation; empty: of all.
   */
  'simulationId': (string);
  /**
   * Only events with one of these keys, in which `*` stands for one token and a last `>` for one or more, as in NATS;
   * empty: all.
   */
  'eventTypeKeys': (string)[];
  /**
   * Only events from now on.
   */
  'newOnly'?: (boolean) | undefined;
  /**
   * From this `log_sequence` on, inclusive.
   */
  'fromSequence'?: (string) | undefined;
  /**
   * From the first event on that was logged at this time or later.
   */
  'fromTime'?: (_google_protobuf_TimestampOutput | null) | undefined;
  /**
   * From the first event that the log still has.
   */
  'fromBeginning'?: (boolean) | undefined;
  /**
   * Whether to end OK at the log's end, as of the call, and not wait for more.
   */
  'noFollow': (boolean);
  /**
   * What to do with live events when the reader is slow; a replay goes at the reader's pace.
   */
  'overflow': (_fes_orchestration_v1_OverflowPolicyOutput);
  /**
   * Only events whose `attributes` have all of these.
   */
  'attributes': ({[key: string]: string});
  /**
   * Only events of these simulations; empty: as `simulation_id` says.
   */
  'simulationIds': (string)[];
  /**
   * Only events of simulations whose labels match; empty: of all.
   */
  'labelSelector': (string);
  /**
   * The most events per second (hertz) for each key and simulation, thinned to the latest ones; 0: all.
   */
  'maxRateHz': (number);
  /**
   * Whether only the latest event of each key and simulation matters, so that older ones that wait may be skipped.
   */
  'latestOnly': (boolean);
  /**
   * Of some keys, instead of `max_rate_hz` and `latest_only`; the first that names a key counts.
   */
  'qualities': (_fes_orchestration_v1_EventQualityOutput)[];
  /**
   * Where to begin; unset means `new_only`.
   */
  'start'?: "newOnly"|"fromSequence"|"fromTime"|"fromBeginning" | undefined;
}

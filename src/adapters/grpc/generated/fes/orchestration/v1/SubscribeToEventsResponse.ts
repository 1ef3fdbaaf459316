// Original file: proto/fes/orchestration/v1/client_service.proto

import type { GenericEventRequest as _fes_common_events_GenericEventRequest, GenericEventRequestOutput as _fes_common_events_GenericEventRequestOutput } from '../../../fes/common/events/GenericEventRequest.ts';
import type { Long } from '@grpc/proto-loader';

/**
 * One event.
 */
export interface SubscribeToEventsResponse {
  /**
   * The event as it was published.
   */
  'event'?: (_fes_common_events_GenericEventRequest | null) | undefined;
  /**
   * Its place in the log, counted from 1; 0: not logged.
   */
  'logSequence'?: (number | string | Long) | undefined;
  /**
   * How many events this subscription has dropped so far.
   */
  'dropped'?: (number | string | Long) | undefined;
  /**
   * The NATS subject that it was published to.
   */
  'subject'?: (string) | undefined;
  /**
   * Its running sequence among the logged events of its simulation, counted from 1; 0: none.
   */
  'simulationSequence'?: (number | string | Long) | undefined;
}

/**
 * One event.
 */
export interface SubscribeToEventsResponseOutput {
  /**
   * The event as it was published.
   */
  'event': (_fes_common_events_GenericEventRequestOutput | null);
  /**
   * Its place in the log, counted from 1; 0: not logged.
   */
  'logSequence': (string);
  /**
   * How many events this subscription has dropped so far.
   */
  'dropped': (string);
  /**
   * The NATS subject that it was published to.
   */
  'subject': (string);
  /**
   * Its running sequence among the logged events of its simulation, counted from 1; 0: none.
   */
  'simulationSequence': (string);
}

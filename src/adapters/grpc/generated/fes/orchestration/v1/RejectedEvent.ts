// Original file: proto/fes/orchestration/v1/worker_service.proto

import type { Long } from '@grpc/proto-loader';

/**
 * An event that was not taken, and why; sending it again unchanged does not help unless the code says so.
 */
export interface RejectedEvent {
  /**
   * Which event: its index from 0, in the stream or in the batch.
   */
  'index'?: (number | string | Long) | undefined;
  /**
   * Its `event_id` as reported; empty where it had none or could not be read.
   */
  'eventId'?: (string) | undefined;
  /**
   * Why, as a google.rpc.Code number.
   */
  'code'?: (number) | undefined;
  /**
   * Why, in a sentence for people that says what to do.
   */
  'message'?: (string) | undefined;
  /**
   * The `sequence` of the batch that it was in; 0 in a stream of single events.
   */
  'batchSequence'?: (number | string | Long) | undefined;
}

/**
 * An event that was not taken, and why; sending it again unchanged does not help unless the code says so.
 */
export interface RejectedEventOutput {
  /**
   * Which event: its index from 0, in the stream or in the batch.
   */
  'index': (string);
  /**
   * Its `event_id` as reported; empty where it had none or could not be read.
   */
  'eventId': (string);
  /**
   * Why, as a google.rpc.Code number.
   */
  'code': (number);
  /**
   * Why, in a sentence for people that says what to do.
   */
  'message': (string);
  /**
   * The `sequence` of the batch that it was in; 0 in a stream of single events.
   */
  'batchSequence': (string);
}

// Original file: proto/fes/common/events/generic_event.proto

import type { Long } from '@grpc/proto-loader';

/**
 * The envelope of every event, and of every command to a worker.
 * 
 * Fields 1 to 8 are in use by generated Rust, Go and Python code: their numbers, names and types are fixed. Fields 9 and
 * 10 came later; older readers skip them. Where a scalar field occurs more than once, the last one counts: Shoal fills
 * in what a worker left empty by appending fields to the bytes as they were reported. The serialised envelope is at most
 * `limits.max_event_bytes` (1,040,384 bytes unless set otherwise).
 */
export interface GenericEventRequest {
  /**
   * Identifies the event within its simulation, also across restarts and resets: 1 to 128 characters from 0x21 to 0x7E.
   * Left empty, Shoal makes one up, and the event is not safe to resend. In a command: the command id.
   */
  'eventId'?: (string) | undefined;
  /**
   * What kind of event this is, for example `sim.world_state.v1`: 1 to 16 tokens `[A-Za-z0-9_-]{1,64}` joined by dots.
   * Selects the route. Keys that begin with `orchestrator.` are for Shoal alone to send.
   */
  'eventTypeKey'?: (string) | undefined;
  /**
   * The event itself, opaque to Shoal; may be empty.
   */
  'eventPayload'?: (Buffer | Uint8Array | string) | undefined;
  /**
   * When it happened at its source, in nanoseconds since the Unix epoch, UTC. 0 means absent and is filled in by Shoal
   * with the time of receipt; a negative value is refused.
   */
  'timestampNs'?: (number | string | Long) | undefined;
  /**
   * Who produced it: the worker id `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`, or in a command the orchestrator id. Left empty,
   * Shoal fills in the reporting worker.
   */
  'sourceWorkerId'?: (string) | undefined;
  /**
   * The simulation it belongs to: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`. Left empty, Shoal fills in the worker's simulation.
   */
  'simulationId'?: (string) | undefined;
  /**
   * How to read the payload, as a media type: `application/protobuf; message=fes.simulation.agent.AgentObservation`,
   * `application/vnd.google.flatbuffers; type=WorldStateUpdate`, `application/json`.
   */
  'payloadContentType'?: (string) | undefined;
  /**
   * The `event_id` of the command or request which this event answers; empty where there is none.
   */
  'correlationId'?: (string) | undefined;
  /**
   * Routing attributes, such as `agent_id` or `tick`; templates of subjects may name them, subscriptions may match them.
   */
  'attributes'?: ({[key: string]: string}) | undefined;
  /**
   * The place of this event among all events of one incarnation of a worker: given by the worker, rising by 1 per event.
   * 0 means not given.
   */
  'ordinal'?: (number | string | Long) | undefined;
}

/**
 * The envelope of every event, and of every command to a worker.
 * 
 * Fields 1 to 8 are in use by generated Rust, Go and Python code: their numbers, names and types are fixed. Fields 9 and
 * 10 came later; older readers skip them. Where a scalar field occurs more than once, the last one counts: Shoal fills
 * in what a worker left empty by appending fields to the bytes as they were reported. The serialised envelope is at most
 * `limits.max_event_bytes` (1,040,384 bytes unless set otherwise).
 */
export interface GenericEventRequestOutput {
  /**
   * Identifies the event within its simulation, also across restarts and resets: 1 to 128 characters from 0x21 to 0x7E.
   * Left empty, Shoal makes one up, and the event is not safe to resend. In a command: the command id.
   */
  'eventId': (string);
  /**
   * What kind of event this is, for example `sim.world_state.v1`: 1 to 16 tokens `[A-Za-z0-9_-]{1,64}` joined by dots.
   * Selects the route. Keys that begin with `orchestrator.` are for Shoal alone to send.
   */
  'eventTypeKey': (string);
  /**
   * The event itself, opaque to Shoal; may be empty.
   */
  'eventPayload': (Buffer);
  /**
   * When it happened at its source, in nanoseconds since the Unix epoch, UTC. 0 means absent and is filled in by Shoal
   * with the time of receipt; a negative value is refused.
   */
  'timestampNs': (string);
  /**
   * Who produced it: the worker id `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`, or in a command the orchestrator id. Left empty,
   * Shoal fills in the reporting worker.
   */
  'sourceWorkerId': (string);
  /**
   * The simulation it belongs to: `[A-Za-z0-9][A-Za-z0-9_-]{0,127}`. Left empty, Shoal fills in the worker's simulation.
   */
  'simulationId': (string);
  /**
   * How to read the payload, as a media type: `application/protobuf; message=fes.simulation.agent.AgentObservation`,
   * `application/vnd.google.flatbuffers; type=WorldStateUpdate`, `application/json`.
   */
  'payloadContentType': (string);
  /**
   * The `event_id` of the command or request which this event answers; empty where there is none.
   */
  'correlationId': (string);
  /**
   * Routing attributes, such as `agent_id` or `tick`; templates of subjects may name them, subscriptions may match them.
   */
  'attributes': ({[key: string]: string});
  /**
   * The place of this event among all events of one incarnation of a worker: given by the worker, rising by 1 per event.
   * 0 means not given.
   */
  'ordinal': (string);
}

import type { ServerWritableStream } from '@grpc/grpc-js';
import type { EventSink } from '../../domain/subscription/event-delivery.ts';
import type { WaitingEvent } from '../../domain/subscription/waiting-event.ts';
import type { SubscribeToEventsRequestOutput } from './generated/fes/orchestration/v1/SubscribeToEventsRequest.ts';

/** Tags of SubscribeToEventsResponse. */
const EVENT = 0x0a;
const LOG_SEQUENCE = 0x10;
const DROPPED = 0x18;
const SUBJECT = 0x22;
const SIMULATION_SEQUENCE = 0x28;
/** A tag and a varint of 64 bits at most. */
const MAX_FIELD_HEAD = 11;

export type EventCall = ServerWritableStream<SubscribeToEventsRequestOutput, Buffer>;

/** The call of one subscriber: full when gRPC, and behind it the subscriber, asks for patience. */
export class EventCallSink implements EventSink {
  readonly #call: EventCall;

  constructor(call: EventCall) {
    this.#call = call;
  }

  write(event: WaitingEvent, dropped: number): boolean {
    event.rendered ??= subscribeResponse(event);
    const response = event.rendered as Buffer;
    return this.#call.write(dropped === 0 ? response : withDropped(response, dropped));
  }

  onRoom(listener: () => void): void {
    this.#call.on('drain', listener);
  }
}

/** A SubscribeToEventsResponse around the envelope as it came: an event is not decoded on its way, so that nothing of it is lost. */
function subscribeResponse(event: WaitingEvent): Buffer {
  const { bytes, logSequence, subject, simulationSequence } = event;
  const buffer = Buffer.allocUnsafe(bytes.length + subject.length + 4 * MAX_FIELD_HEAD);
  let at = appendHead(buffer, 0, EVENT, bytes.length);
  buffer.set(bytes, at);
  at += bytes.length;
  if (logSequence > 0) at = appendHead(buffer, at, LOG_SEQUENCE, logSequence);
  if (simulationSequence > 0) at = appendHead(buffer, at, SIMULATION_SEQUENCE, simulationSequence);
  // Subjects are ASCII.
  if (subject !== '') at = appendHead(buffer, at, SUBJECT, subject.length) + subject.length;
  buffer.write(subject, at - subject.length, 'latin1');
  return buffer.subarray(0, at);
}

/** The same for one subscriber, who has missed something: fields may come in any order. */
function withDropped(response: Buffer, dropped: number): Buffer {
  const buffer = Buffer.allocUnsafe(response.length + MAX_FIELD_HEAD);
  response.copy(buffer);
  return buffer.subarray(0, appendHead(buffer, response.length, DROPPED, dropped));
}

/** @returns where what follows begins */
function appendHead(buffer: Buffer, start: number, tag: number, value: number): number {
  buffer[start] = tag;
  let at = start + 1;
  let rest = value;
  // Beyond 32 bits, where shifting would lose them.
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) buffer[at++] = (rest % 0x80) | 0x80;
  buffer[at] = rest;
  return at + 1;
}

import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { CommandAckOutput } from '../adapters/grpc/generated/fes/orchestration/v1/CommandAck.ts';
import type { HeartbeatRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/HeartbeatRequest.ts';
import type { RegisterWorkerRequestOutput } from '../adapters/grpc/generated/fes/orchestration/v1/RegisterWorkerRequest.ts';
import type { WorkerExit } from '../ports/worker-launcher.ts';

/** Times are in ms since the launch. */
export interface SeenCall {
  readonly atMs: number;
  readonly method: string;
  /** The metadata `authorization` as it came. */
  readonly authorization: string | undefined;
}

export interface SeenRegistration {
  readonly atMs: number;
  readonly request: RegisterWorkerRequestOutput;
  readonly accepted: boolean;
}

export interface SeenCommandStream {
  readonly atMs: number;
  readonly workerId: string;
  readonly simulationId: string;
  /** When the response headers were sent. */
  headersAtMs?: number;
  endedAtMs?: number;
}

/** A ReportEventBatches or ReportEventStream call; single ReportEvent calls are streams of one. */
export interface SeenEventStream {
  readonly atMs: number;
  /** From 1, in the order in which they were opened. */
  readonly number: number;
  readonly kind: 'batches' | 'events' | 'single';
  readonly batches: SeenBatch[];
  /** The last sequence that was acknowledged. */
  acknowledged: number;
  halfClosedAtMs?: number;
  endedAtMs?: number;
}

export interface SeenBatch {
  readonly atMs: number;
  readonly stream: number;
  /** As the worker told it; of a ReportEventStream the number of the event. */
  readonly sequence: number;
  /** Of the whole message. */
  readonly bytes: number;
  readonly events: readonly SeenEvent[];
  /** How many batches of the stream were not acknowledged when it came, itself included. */
  readonly inFlight: number;
}

export interface SeenEvent {
  readonly atMs: number;
  /** Place among all events of the launch, from 0. */
  readonly index: number;
  readonly stream: number;
  readonly sequence: number;
  readonly envelope: GenericEventRequestOutput;
  /** Also of a payload that was not kept. */
  readonly payloadBytes: number;
  readonly isAck: boolean;
}

export interface SeenHeartbeat {
  readonly atMs: number;
  readonly request: HeartbeatRequestOutput;
  readonly tick: number;
}

/** A `worker.command_ack.v1` and what could be read of it. */
export interface SeenAck {
  readonly atMs: number;
  readonly event: SeenEvent;
  /** Undefined when the payload is no CommandAck. */
  readonly ack: CommandAckOutput | undefined;
}

export interface SeenExit extends WorkerExit {
  readonly atMs: number;
}

/** Payloads are kept up to so many bytes of a launch; of what comes later, only the rest of the envelope, and acknowledgements of commands. */
const MAX_PAYLOAD_BYTES = 96 * 1024 * 1024;
/** Of the timeline, for quoting. */
const MAX_NOTES = 400;

const NO_PAYLOAD = Buffer.alloc(0);
const ACK_KEY = 'worker.command_ack.v1';

/** Everything that one worker did, in the order in which it was seen. */
export class Observations {
  readonly calls: SeenCall[] = [];
  readonly registrations: SeenRegistration[] = [];
  readonly commandStreams: SeenCommandStream[] = [];
  readonly eventStreams: SeenEventStream[] = [];
  readonly allEvents: SeenEvent[] = [];
  /** Those that are no acknowledgements of commands. */
  readonly events: SeenEvent[] = [];
  readonly acks: SeenAck[] = [];
  readonly heartbeats: SeenHeartbeat[] = [];
  exit: SeenExit | undefined;
  /** When the connection was first cut. */
  cutAtMs: number | undefined;
  readonly #notes: string[] = [];
  #startedMs = performance.now();
  #payloadBytes = 0;
  #changed: () => void = () => {};

  /** Times count from here. */
  launched(): void {
    this.#startedMs = performance.now();
    this.note('the worker was launched');
  }

  /** ms since the launch. */
  nowMs(): number {
    return performance.now() - this.#startedMs;
  }

  /** @param listener called after each change, until the next one takes its place */
  onChange(listener: () => void): void {
    this.#changed = listener;
  }

  changed(): void {
    this.#changed();
  }

  /** A line of the timeline. */
  note(text: string): void {
    this.#notes.push(`${Math.round(this.nowMs())} ms: ${text}`);
    if (this.#notes.length > MAX_NOTES) this.#notes.shift();
    this.#changed();
  }

  /** The last lines of the timeline, in one. */
  lately(count = 6): string {
    return this.#notes.slice(-count).join('; ') || 'nothing at all';
  }

  addEvent(envelope: GenericEventRequestOutput, place: { stream: number; sequence: number }): SeenEvent {
    const payloadBytes = envelope.eventPayload.length;
    this.#payloadBytes += payloadBytes;
    const isAck = envelope.eventTypeKey === ACK_KEY;
    const isKept = isAck || this.#payloadBytes <= MAX_PAYLOAD_BYTES;
    const event: SeenEvent = {
      ...place,
      atMs: this.nowMs(),
      index: this.allEvents.length,
      envelope: isKept ? envelope : { ...envelope, eventPayload: NO_PAYLOAD },
      payloadBytes,
      isAck,
    };
    this.allEvents.push(event);
    if (!isAck) this.events.push(event);
    return event;
  }
}

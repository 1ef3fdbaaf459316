import type { GenericEventRequestOutput } from '../adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import type { RejectedEvent } from '../adapters/grpc/generated/fes/orchestration/v1/RejectedEvent.ts';
import { loadProtos } from '../adapters/grpc/proto-loading.ts';
import type { Observations, SeenBatch, SeenEvent, SeenEventStream } from './observations.ts';

/** How an acknowledgement leaves, in the words of the call. */
export interface Reply {
  acknowledge(sequence: number, rejected: RejectedEvent[]): void;
  /** After the half-close, when all is acknowledged. */
  end(): void;
}

interface Open {
  readonly seen: SeenEventStream;
  readonly reply: Reply;
  rejected: RejectedEvent[];
  lastSequence: number;
  acknowledgedBatches: number;
}

/** Acknowledgements leave this long after their batch: it slows down workers that know no pace. */
const ACKNOWLEDGE_AFTER_MS = 15;

/** google.rpc.Code INVALID_ARGUMENT. */
const INVALID_ARGUMENT = 3;

/** Takes the events of one worker, and acknowledges them, or does not. */
export class EventDesk {
  readonly #record: Observations;
  readonly #open = new Set<Open>();
  #holding = false;
  #rejects: (event: SeenEvent) => boolean = () => false;

  constructor(record: Observations) {
    this.#record = record;
  }

  /** From now on nothing is acknowledged. */
  hold(): void {
    this.#holding = true;
    this.#record.note('from here on nothing is acknowledged');
  }

  /** Acknowledges all that was held back, and what comes. */
  release(): void {
    this.#holding = false;
    this.#record.note('acknowledgements go on');
    for (const open of this.#open) this.#acknowledge(open);
  }

  /** Rejects the events that are chosen so; the rest of their batch is taken. */
  reject(rejects: (event: SeenEvent) => boolean): void {
    this.#rejects = rejects;
  }

  open(kind: SeenEventStream['kind'], reply: Reply): EventStreamDesk {
    const number = this.#record.eventStreams.length + 1;
    const seen: SeenEventStream = { atMs: this.#record.nowMs(), number, kind, batches: [], acknowledged: 0 };
    const open: Open = { seen, reply, rejected: [], lastSequence: 0, acknowledgedBatches: 0 };
    this.#record.eventStreams.push(seen);
    this.#open.add(open);
    if (kind !== 'single') this.#record.note(`event stream ${number} was opened`);
    return {
      batch: (sequence, envelopes, bytes) => this.#batch(open, sequence, envelopes, bytes),
      halfClosed: () => {
        seen.halfClosedAtMs = this.#record.nowMs();
        this.#record.note(`event stream ${number} was half-closed`);
        if (!this.#holding) this.#acknowledge(open);
      },
      ended: () => {
        seen.endedAtMs ??= this.#record.nowMs();
        this.#open.delete(open);
        this.#record.changed();
      },
    };
  }

  #batch(open: Open, sequence: number, envelopes: readonly GenericEventRequestOutput[], bytes: number): void {
    const { seen } = open;
    const events = envelopes.map((envelope) => this.#record.addEvent(envelope, { stream: seen.number, sequence }));
    const inFlight = seen.batches.length + 1 - open.acknowledgedBatches;
    const batch: SeenBatch = { atMs: this.#record.nowMs(), stream: seen.number, sequence, bytes, events, inFlight };
    seen.batches.push(batch);
    open.lastSequence = sequence;
    for (const [index, event] of events.entries()) {
      if (this.#rejects(event)) open.rejected.push(rejection(event, index, sequence));
      if (event.isAck) this.#commandAck(event);
    }
    this.#record.changed();
    if (!this.#holding) setTimeout(() => this.#holding || this.#acknowledge(open), ACKNOWLEDGE_AFTER_MS);
  }

  #commandAck(event: SeenEvent): void {
    const { correlationId, eventPayload } = event.envelope;
    const ack = readAck(eventPayload);
    this.#record.acks.push({ atMs: event.atMs, event, ack });
    const said = ack === undefined ? 'with a payload that is no CommandAck' : `ok ${ack.ok}, tick ${ack.tick}`;
    this.#record.note(`acknowledgement of command ${correlationId}: ${said}`);
  }

  #acknowledge(open: Open): void {
    if (!this.#open.has(open)) return;
    const { seen, reply, lastSequence } = open;
    if (lastSequence !== seen.acknowledged) {
      const rejected = open.rejected;
      open.rejected = [];
      seen.acknowledged = lastSequence;
      open.acknowledgedBatches = seen.batches.length;
      reply.acknowledge(lastSequence, rejected);
    }
    if (seen.kind === 'single') {
      seen.endedAtMs = this.#record.nowMs();
      this.#open.delete(open);
    } else if (seen.halfClosedAtMs !== undefined) reply.end();
  }
}

export interface EventStreamDesk {
  /** @param bytes of the whole message */
  batch(sequence: number, envelopes: readonly GenericEventRequestOutput[], bytes: number): void;
  halfClosed(): void;
  /** However it ended. */
  ended(): void;
}

function rejection({ envelope }: SeenEvent, index: number, sequence: number): RejectedEvent {
  const message = 'rejected by the examiner, to see what the worker does';
  return { index, eventId: envelope.eventId, code: INVALID_ARGUMENT, message, batchSequence: sequence };
}

function readAck(payload: Buffer) {
  try {
    return loadProtos().tree.fes.orchestration.v1.CommandAck.deserialize(payload);
  } catch {
    return undefined;
  }
}

import type { Clock } from '../../ports/clock.ts';
import type { CommandAckSink } from '../../ports/command-ack-sink.ts';
import type { BusMessage, EventBus } from '../../ports/event-bus.ts';
import type { EventLog, LogEntry, RejectedEntry } from '../../ports/event-log.ts';
import type { IdSource } from '../../ports/id-source.ts';
import { completeEnvelope, type EnvelopeDefaults } from '../envelope/envelope-completion.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import type { ErrorCode } from '../error-code.ts';
import { type EventTypeKey, parseEventId, parseEventTypeKey, type SimulationId } from '../ids.ts';
import { invalidArgument, ShoalError, toShoalError } from '../shoal-error.ts';
import type { EventCounters, EventCounts } from './event-counters.ts';
import type { IngestWorker, Lane } from './ingest-worker.ts';
import { UnderWay } from './under-way.ts';

/** Reported by workers to answer commands: neither published nor logged. */
const COMMAND_ACK_KEY = 'worker.command_ack.v1';

export interface RejectedEvent {
  /** From 0, within what was accepted together. */
  readonly index: number;
  /** As reported; empty when the bytes could not be read. */
  readonly eventId: string;
  readonly code: ErrorCode;
  readonly message: string;
  /** As a {@link ShoalError} has it: the field. */
  readonly metadata: Readonly<Record<string, string>>;
}

export interface IntakeReceipt {
  readonly rejected: readonly RejectedEvent[];
  readonly logged: number;
  /** Log sequence of the last logged event; 0 when none was. */
  readonly lastSequence: number;
}

export interface EventIntakeParts {
  readonly bus: EventBus;
  readonly log: EventLog;
  readonly acks: CommandAckSink;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly counters: EventCounters;
  /** Read for every call: a reload may change it. */
  readonly maxEventBytes: () => number;
}

/** What becomes of the events that are accepted together. */
interface Batch {
  readonly messages: BusMessage[];
  /** For each message, where it is counted. */
  readonly received: EventCounts[];
  readonly entries: LogEntry[];
  /** For each entry, its place among what was accepted. */
  readonly entryIndex: number[];
  readonly entryCounts: EventCounts[];
}

/** Takes events from workers to the bus and the log. The way of an event is `docs/architecture.md`. */
export class EventIntake {
  readonly #parts: EventIntakeParts;
  readonly #view = new EnvelopeView();
  readonly #underWay = new UnderWay();
  /** Of the event at hand, before an id was filled in. */
  #reportedId = '';

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
  }

  /**
   * Checks, routes and hands over a batch before it first waits, so that batches keep the order in which they are
   * accepted, also when many are under way. Resolves when every event that is to be logged is durable.
   *
   * A bad event is rejected by itself and the rest goes on.
   *
   * @throws ShoalError BUS_UNAVAILABLE or SHUTTING_DOWN: nothing is known of the batch; the worker reports it again
   */
  async accept(worker: IngestWorker, envelopes: readonly Uint8Array[]): Promise<IntakeReceipt> {
    const { bus, log } = this.#parts;
    const batch: Batch = { messages: [], received: [], entries: [], entryIndex: [], entryCounts: [] };
    const rejected: RejectedEvent[] = [];
    for (let index = 0; index < envelopes.length; index += 1) {
      try {
        this.#route(worker, envelopes[index] as Uint8Array, index, batch);
      } catch (thrown) {
        const { code, message, metadata } = toShoalError(thrown);
        rejected.push({ index, eventId: this.#reportedId.slice(0, 128), code, message, metadata });
      }
    }
    const { messages, entries, entryIndex } = batch;
    this.#underWay.begin(worker.simulationId);
    const published = messages.length === 0 ? undefined : bus.publish(messages);
    const appended = entries.length === 0 ? undefined : log.append(entries);
    const handedOver = [appended, published] as const;
    void Promise.allSettled(handedOver).then(() => this.#underWay.end(worker.simulationId));
    const [receipt] = await Promise.all(handedOver);
    const refused = receipt?.rejected ?? [];
    for (const { index, reason } of refused) {
      const eventId = entries[index]?.eventId ?? '';
      const refusal = { code: 'INVALID_ARGUMENT', message: reason, metadata: { field: 'event' } } as const;
      rejected.push({ index: entryIndex[index] as number, eventId, ...refusal });
    }
    if (refused.length > 0) rejected.sort((a, b) => a.index - b.index);
    this.#count(worker, batch, refused, rejected.length);
    return { rejected, logged: entries.length - refused.length, lastSequence: receipt?.lastSequence ?? 0 };
  }

  /** Resolves when everything that was accepted of the simulation is published and logged, or has failed. */
  settled(id: SimulationId): Promise<void> {
    return this.#underWay.settled(id);
  }

  /** Only once the batch has been taken: one that failed is reported again, and counted then. */
  #count(worker: IngestWorker, batch: Batch, refused: readonly RejectedEntry[], rejected: number): void {
    for (const counts of batch.received) counts.received += 1;
    for (const counts of batch.entryCounts) counts.logged += 1;
    for (const { index } of refused) (batch.entryCounts[index] as EventCounts).logged -= 1;
    worker.figures.eventsReceived += batch.received.length;
    worker.figures.eventsLogged += batch.entries.length - refused.length;
    this.#parts.counters.rejected += rejected;
  }

  /** Adds the event to what is to be published and, if it is marked for it, logged. @throws ShoalError */
  #route(worker: IngestWorker, bytes: Uint8Array, index: number, batch: Batch): void {
    const view = this.#view;
    this.#reportedId = '';
    const malformed = view.scan(bytes);
    if (malformed !== undefined)
      throw invalidArgument('event', `the bytes are not a GenericEventRequest: ${malformed}`);
    this.#reportedId = view.eventId;
    this.#demandOwn(worker);
    if (view.eventTypeKey === COMMAND_ACK_KEY) {
      this.#parts.counters.acknowledgements += 1;
      this.#parts.acks.acknowledge({
        workerId: worker.workerId,
        commandId: view.correlationId,
        payload: view.payload(),
      });
      return;
    }
    const lane = this.#laneOf(worker);
    if (view.eventId !== '') parseEventId(view.eventId);
    if (view.timestampIsNegative)
      throw invalidArgument('timestamp_ns', 'must not be negative; leave it 0 to have it filled in');
    const envelope = completeEnvelope(view, this.#defaults(worker));
    const maxBytes = this.#parts.maxEventBytes();
    if (envelope.length > maxBytes) {
      throw invalidArgument('event', `has ${envelope.length} bytes; limits.max_event_bytes allows ${maxBytes}`);
    }
    const { route, counts } = lane;
    const subject = lane.subject ?? route.template.subject(worker.simulationId, (name) => view.attribute(name));
    batch.messages.push({ subject, bytes: envelope });
    batch.received.push(counts);
    if (!route.logged) return;
    const { simulationId } = worker;
    const eventTypeKey = route.eventTypeKey as EventTypeKey;
    batch.entries.push({ simulationId, eventTypeKey, eventId: view.eventId, bytes: envelope });
    batch.entryIndex.push(index);
    batch.entryCounts.push(counts);
  }

  #demandOwn(worker: IngestWorker): void {
    const { simulationId, sourceWorkerId } = this.#view;
    if (simulationId !== '' && simulationId !== worker.simulationId) {
      throw new ShoalError(
        'COMMAND_FORBIDDEN',
        `simulation_id: the token is for simulation ${worker.simulationId} only`,
        {
          metadata: { field: 'simulation_id' },
        },
      );
    }
    if (sourceWorkerId !== '' && sourceWorkerId !== worker.workerId) {
      throw new ShoalError('COMMAND_FORBIDDEN', `source_worker_id: the token is for worker ${worker.workerId} only`, {
        metadata: { field: 'source_worker_id' },
      });
    }
  }

  #laneOf(worker: IngestWorker): Lane {
    const key = this.#view.eventTypeKey;
    const lane = worker.lane(key);
    if (lane !== undefined) return lane;
    parseEventTypeKey(key);
    if (key.startsWith('orchestrator.')) {
      throw new ShoalError(
        'COMMAND_FORBIDDEN',
        'event_type_key: keys that begin with "orchestrator." are for Shoal alone',
        {
          metadata: { field: 'event_type_key' },
        },
      );
    }
    return worker.openLane(key);
  }

  #defaults(worker: IngestWorker): EnvelopeDefaults {
    const { ids, clock } = this.#parts;
    return {
      eventId: () => ids.eventId(),
      timestampNs: () => BigInt(clock.nowMs()) * 1_000_000n,
      sourceWorkerId: worker.workerId,
      simulationId: worker.simulationId,
    };
  }
}

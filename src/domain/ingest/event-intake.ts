import type { Clock } from '../../ports/clock.ts';
import type { CommandAckSink } from '../../ports/command-ack-sink.ts';
import type { BusMessage, EventBus } from '../../ports/event-bus.ts';
import type { EventLog, LogEntry } from '../../ports/event-log.ts';
import type { IdSource } from '../../ports/id-source.ts';
import { completeEnvelope, type EnvelopeDefaults } from '../envelope/envelope-completion.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import type { ErrorCode } from '../error-code.ts';
import { type EventTypeKey, parseEventId, parseEventTypeKey } from '../ids.ts';
import { invalidArgument, ShoalError, toShoalError } from '../shoal-error.ts';
import type { EventCounters } from './event-counters.ts';
import type { IngestWorker, Lane } from './ingest-worker.ts';

/** Reported by workers to answer commands: neither published nor logged. */
const COMMAND_ACK_KEY = 'worker.command_ack.v1';

export interface RejectedEvent {
  /** From 0, within what was accepted together. */
  readonly index: number;
  /** As reported; empty when the bytes could not be read. */
  readonly eventId: string;
  readonly code: ErrorCode;
  readonly message: string;
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

/** Takes events from workers to the bus and the log. The way of an event is `docs/architecture.md`. */
export class EventIntake {
  readonly #parts: EventIntakeParts;
  readonly #view = new EnvelopeView();

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
    const { counters, bus, log } = this.#parts;
    const messages: BusMessage[] = [];
    const entries: LogEntry[] = [];
    const entryIndex: number[] = [];
    const rejected: RejectedEvent[] = [];
    for (let index = 0; index < envelopes.length; index += 1) {
      try {
        const entry = this.#route(worker, envelopes[index] as Uint8Array, messages);
        if (entry === undefined) continue;
        entries.push(entry);
        entryIndex.push(index);
      } catch (thrown) {
        const { code, message } = toShoalError(thrown);
        rejected.push({ index, eventId: this.#view.eventId.slice(0, 128), code, message });
      }
    }
    worker.figures.eventsReceived += envelopes.length - rejected.length;
    const published = messages.length === 0 ? undefined : bus.publish(messages);
    const appended = entries.length === 0 ? undefined : log.append(entries);
    const [receipt] = await Promise.all([appended, published]);
    for (const { index, reason } of receipt?.rejected ?? []) {
      const eventId = entries[index]?.eventId ?? '';
      rejected.push({ index: entryIndex[index] as number, eventId, code: 'INVALID_ARGUMENT', message: reason });
    }
    const logged = entries.length - (receipt?.rejected.length ?? 0);
    worker.figures.eventsLogged += logged;
    counters.rejected += rejected.length;
    return { rejected, logged, lastSequence: receipt?.lastSequence ?? 0 };
  }

  /** Adds the event to `messages`, and returns its log entry if it is to be logged. @throws ShoalError */
  #route(worker: IngestWorker, bytes: Uint8Array, messages: BusMessage[]): LogEntry | undefined {
    const view = this.#view;
    const malformed = view.scan(bytes);
    if (malformed !== undefined)
      throw invalidArgument('event', `the bytes are not a GenericEventRequest: ${malformed}`);
    this.#demandOwn(worker);
    if (view.eventTypeKey === COMMAND_ACK_KEY) {
      this.#parts.counters.acknowledgements += 1;
      this.#parts.acks.acknowledge({
        workerId: worker.workerId,
        commandId: view.correlationId,
        payload: view.payload(),
      });
      return undefined;
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
    const subject = lane.subject ?? lane.route.template.subject(worker.simulationId, (name) => view.attribute(name));
    messages.push({ subject, bytes: envelope });
    lane.counts.received += 1;
    if (!lane.route.logged) return undefined;
    lane.counts.logged += 1;
    return {
      simulationId: worker.simulationId,
      eventTypeKey: lane.route.eventTypeKey as EventTypeKey,
      eventId: view.eventId,
      bytes: envelope,
    };
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

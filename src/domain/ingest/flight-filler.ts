import type { Clock } from '../../ports/clock.ts';
import type { CommandAckSink } from '../../ports/command-ack-sink.ts';
import type { BusMessage } from '../../ports/event-bus.ts';
import type { IdSource } from '../../ports/id-source.ts';
import { completeEnvelope, type EnvelopeDefaults } from '../envelope/envelope-completion.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import { type EventTypeKey, MAX_EVENT_ID_LENGTH } from '../ids.ts';
import type { Flight } from '../ledger/flight.ts';
import type { SimulationLedger } from '../ledger/simulation-ledger.ts';
import { invalidArgument } from '../shoal-error.ts';
import { demandFewAttributes, demandOwn, demandPlainId, demandSize, demandWorkerKey } from './event-checks.ts';
import type { EventCounters, EventCounts } from './event-counters.ts';
import type { IngestWorker, Lane } from './ingest-worker.ts';

/** Reported by workers to answer commands: neither published nor logged. */
const COMMAND_ACK_KEY = 'worker.command_ack.v1';

export interface FlightFillerParts {
  readonly acks: CommandAckSink;
  readonly ids: IdSource;
  readonly clock: Clock;
  readonly counters: EventCounters;
  /** Read for every call: a reload may change it. */
  readonly maxEventBytes: () => number;
}

/** What becomes of events that set off together. */
export interface Batch {
  readonly messages: BusMessage[];
  /** For each message, where it is counted. */
  readonly received: EventCounts[];
  readonly ledger: SimulationLedger;
  readonly flight: Flight;
  /** For each entry, its place among what was accepted. */
  readonly entryIndex: number[];
  readonly entryCounts: EventCounts[];
}

/** Checks and routes events, one by one, into what is handed to bus and log together. */
export class FlightFiller {
  readonly #parts: FlightFillerParts;
  readonly #view = new EnvelopeView();
  #isRead = false;

  constructor(parts: FlightFillerParts) {
    this.#parts = parts;
  }

  /** Of the event that was taken last, before an id was filled in; empty when it could not be read. */
  get reportedId(): string {
    return this.#isRead ? this.#view.reportedEventId.slice(0, MAX_EVENT_ID_LENGTH) : '';
  }

  /** @returns false for an event that is in flight, and is not touched. @throws ShoalError */
  take(worker: IngestWorker, bytes: Uint8Array, index: number, batch: Batch): boolean {
    const view = this.#view;
    this.#isRead = false;
    const malformed = view.scan(bytes);
    if (malformed !== undefined)
      throw invalidArgument('event', `the bytes are not a GenericEventRequest: ${malformed}`);
    this.#isRead = true;
    if (view.ordinal > Number.MAX_SAFE_INTEGER) throw invalidArgument('ordinal', 'is beyond 2^53; count 1, 2, 3');
    const claim = view.ordinal > 0 ? batch.flight.claim(view.ordinal) : 'new';
    if (claim === 'in flight') return false;
    if (claim === 'new') this.#route(worker, bytes, index, batch);
    else {
      batch.flight.duplicates += 1;
      // Its command may wait for it: the first may have come before the command was known again.
      if (view.eventTypeKey === COMMAND_ACK_KEY) this.#route(worker, bytes, index, batch);
    }
    return true;
  }

  /** Adds the event to what is to be published and, if it is marked for it, logged. @throws ShoalError */
  #route(worker: IngestWorker, bytes: Uint8Array, index: number, batch: Batch): void {
    const view = this.#view;
    demandOwn(view, worker);
    demandFewAttributes(view);
    if (view.eventTypeKey === COMMAND_ACK_KEY) {
      demandSize(bytes, this.#parts.maxEventBytes());
      this.#parts.counters.acknowledgements += 1;
      this.#parts.acks.acknowledge({
        workerId: worker.workerId,
        commandId: view.correlationId,
        payload: view.payload(),
      });
      return;
    }
    const lane = this.#laneOf(worker);
    demandPlainId(view);
    if (view.timestampIsNegative)
      throw invalidArgument('timestamp_ns', 'must not be negative; leave it 0 to have it filled in');
    const envelope = completeEnvelope(view, this.#defaults(worker));
    demandSize(envelope, this.#parts.maxEventBytes());
    const { route, counts } = lane;
    const subject = lane.subject ?? route.template.subject(worker.simulationId, (name) => view.attribute(name));
    batch.messages.push({ subject, bytes: envelope });
    batch.received.push(counts);
    if (!route.logged) return;
    const { simulationId } = worker;
    const eventTypeKey = route.eventTypeKey as EventTypeKey;
    const { flight, ledger } = batch;
    if (view.ordinal > 0) flight.loggedOrdinals.add(view.ordinal);
    else flight.withoutOrdinal.add(flight.entries.length);
    const simulationSequence = ledger.number();
    flight.entries.push({ simulationId, eventTypeKey, eventId: view.eventId, bytes: envelope, simulationSequence });
    batch.entryIndex.push(index);
    batch.entryCounts.push(counts);
  }

  #laneOf(worker: IngestWorker): Lane {
    const key = this.#view.eventTypeKey;
    const lane = worker.lane(key);
    if (lane !== undefined) return lane;
    demandWorkerKey(key);
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

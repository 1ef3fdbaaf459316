import type { Clock } from '../../ports/clock.ts';
import type { CommandAckSink } from '../../ports/command-ack-sink.ts';
import type { BusMessage, EventBus } from '../../ports/event-bus.ts';
import type { AppendReceipt, EventLog, RejectedEntry } from '../../ports/event-log.ts';
import type { IdSource } from '../../ports/id-source.ts';
import { completeEnvelope, type EnvelopeDefaults } from '../envelope/envelope-completion.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import type { ErrorCode } from '../error-code.ts';
import { type EventTypeKey, parseEventId, type SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import type { Flight } from '../ledger/flight.ts';
import type { LedgerBook } from '../ledger/ledger-book.ts';
import type { SimulationLedger } from '../ledger/simulation-ledger.ts';
import { SerialQueue } from '../serial-queue.ts';
import { invalidArgument, ShoalError, toShoalError } from '../shoal-error.ts';
import { demandFewAttributes, demandOwn, demandSize, demandWorkerKey } from './event-checks.ts';
import type { EventCounters, EventCounts } from './event-counters.ts';
import type { IngestWorker, Lane } from './ingest-worker.ts';
import { OrderGuard } from './order-guard.ts';
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
  readonly ledgers: LedgerBook;
  /** Read for every call: a reload may change it. */
  readonly maxEventBytes: () => number;
}

/** What becomes of the events that are accepted together. */
interface Batch {
  readonly messages: BusMessage[];
  /** For each message, where it is counted. */
  readonly received: EventCounts[];
  readonly ledger: SimulationLedger;
  readonly flight: Flight;
  /** For each entry, its place among what was accepted. */
  readonly entryIndex: number[];
  readonly entryCounts: EventCounts[];
}

/** What was accepted together, over all flights in which it sets off. */
interface Acceptance {
  readonly envelopes: readonly Uint8Array[];
  /** Index of the first envelope that has not been dealt with. */
  next: number;
  readonly rejected: RejectedEvent[];
  logged: number;
  lastSequence: number;
  readonly landings: Promise<void>[];
  /** Of the {@link OrderGuard}. */
  readonly ticket: number;
}

/** Takes events from workers to the bus and the log. The way of an event is `docs/architecture.md`. */
export class EventIntake {
  readonly #parts: EventIntakeParts;
  readonly #view = new EnvelopeView();
  readonly #underWay = new UnderWay();
  /** Of simulations in which something has to wait. */
  readonly #turns = new SerialQueue<SimulationId>();
  readonly #order = new OrderGuard();
  /** Of the event at hand, before an id was filled in. */
  #reportedId = '';

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
  }

  /**
   * Checks, routes and hands over a batch before it first waits, so that batches keep the order in which they are
   * accepted, also when many are under way. Resolves when every event that is to be logged is durable.
   *
   * A bad event is rejected by itself and the rest goes on. An event whose ordinal is done counts as taken. One whose ordinal is
   * in flight, by another stream or one before, waits until that has landed, and everything of the simulation behind it.
   *
   * @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN, or what bus and log throw: nothing is known of the batch; the worker reports it again
   */
  async accept(worker: IngestWorker, envelopes: readonly Uint8Array[]): Promise<IntakeReceipt> {
    const { simulationId } = worker;
    const figures = { next: 0, logged: 0, lastSequence: 0, ticket: this.#order.ticket(worker) };
    const acceptance: Acceptance = { ...figures, envelopes, rejected: [], landings: [] };
    this.#underWay.begin(simulationId);
    try {
      const ledger = this.#turns.isBusy(simulationId) ? undefined : this.#parts.ledgers.ready(simulationId);
      if (ledger !== undefined) this.#handOver(worker, ledger, acceptance);
      if (acceptance.next < envelopes.length) {
        await this.#turns.run(simulationId, () => this.#handOverRest(worker, acceptance));
      }
      await Promise.all(acceptance.landings);
    } finally {
      this.#underWay.end(simulationId);
    }
    const { rejected, logged, lastSequence } = acceptance;
    if (rejected.length > 0) rejected.sort((a, b) => a.index - b.index);
    return { rejected, logged, lastSequence };
  }

  async #handOverRest(worker: IngestWorker, acceptance: Acceptance): Promise<void> {
    const { ledgers } = this.#parts;
    for (;;) {
      const ledger = await ledgers.whenReady(worker.simulationId).catch((thrown) => {
        this.#order.failed(worker);
        throw thrown;
      });
      this.#order.demandNoneFailedSince(acceptance.ticket, worker);
      this.#handOver(worker, ledger, acceptance);
      if (acceptance.next === acceptance.envelopes.length) return;
      await ledger.landed();
    }
  }

  /** As much as can set off now: up to an event that is in flight. */
  #handOver(worker: IngestWorker, ledger: SimulationLedger, acceptance: Acceptance): void {
    const { bus, log } = this.#parts;
    const { envelopes, rejected } = acceptance;
    const flight = ledger.setOff(worker.workerId);
    const batch: Batch = { ledger, flight, messages: [], received: [], entryIndex: [], entryCounts: [] };
    for (; acceptance.next < envelopes.length; acceptance.next += 1) {
      const index = acceptance.next;
      try {
        if (!this.#take(worker, envelopes[index] as Uint8Array, index, batch)) break;
      } catch (thrown) {
        const { code, message, metadata } = toShoalError(thrown);
        rejected.push({ index, eventId: this.#reportedId.slice(0, 128), code, message, metadata });
        flight.rejected += 1;
      }
    }
    const { messages } = batch;
    const { entries } = flight;
    flight.received = messages.length;
    const published = messages.length === 0 ? undefined : begun(() => bus.publish(messages));
    const appended = entries.length === 0 ? undefined : begun(() => log.append(entries));
    const landing = this.#land(worker, batch, acceptance, appended, published);
    // Nobody waits for it while the rest has to wait; accept() tells its failure, or the one that came of it.
    landing.catch(ignore);
    acceptance.landings.push(landing);
  }

  async #land(
    worker: IngestWorker,
    batch: Batch,
    acceptance: Acceptance,
    appended: Promise<AppendReceipt> | undefined,
    published: Promise<void> | undefined,
  ): Promise<void> {
    const { simulationId } = worker;
    this.#underWay.begin(simulationId);
    const handedOver = [appended, published] as const;
    const landed = Promise.allSettled(handedOver).then(([append, publication]) => {
      const receipt = append.status === 'fulfilled' ? append.value : undefined;
      if (append.status === 'rejected') this.#order.failed(worker);
      const outcome = { published: publication.status === 'fulfilled' };
      batch.ledger.land(batch.flight, receipt === undefined ? outcome : { ...outcome, receipt });
      this.#underWay.end(simulationId);
    });
    const [receipt] = await Promise.all(handedOver);
    await landed;
    const { entries } = batch.flight;
    const refused = receipt?.rejected ?? [];
    for (const { index, reason } of refused) {
      const eventId = entries[index]?.eventId ?? '';
      const refusal = { code: 'INVALID_ARGUMENT', message: reason, metadata: { field: 'event' } } as const;
      acceptance.rejected.push({ index: batch.entryIndex[index] as number, eventId, ...refusal });
    }
    acceptance.logged += entries.length - refused.length;
    acceptance.lastSequence = Math.max(acceptance.lastSequence, receipt?.lastSequence ?? 0);
    this.#count(worker, batch, refused);
  }

  /** Resolves when everything that was accepted of the simulation is published and logged, or has failed. */
  settled(id: SimulationId): Promise<void> {
    return this.#underWay.settled(id);
  }

  /** Only once the batch has been taken: one that failed is reported again, and counted then. */
  #count(worker: IngestWorker, batch: Batch, refused: readonly RejectedEntry[]): void {
    for (const counts of batch.received) counts.received += 1;
    for (const counts of batch.entryCounts) counts.logged += 1;
    for (const { index } of refused) (batch.entryCounts[index] as EventCounts).logged -= 1;
    worker.figures.eventsReceived += batch.received.length;
    worker.figures.eventsLogged += batch.flight.entries.length - refused.length;
    this.#parts.counters.rejected += batch.flight.rejected + refused.length;
  }

  /** @returns false for an event that is in flight, and is not touched. @throws ShoalError */
  #take(worker: IngestWorker, bytes: Uint8Array, index: number, batch: Batch): boolean {
    const view = this.#view;
    this.#reportedId = '';
    const malformed = view.scan(bytes);
    if (malformed !== undefined)
      throw invalidArgument('event', `the bytes are not a GenericEventRequest: ${malformed}`);
    this.#reportedId = view.eventId;
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
    if (view.eventId !== '') parseEventId(view.eventId);
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

/** What throws at once fails the flight as what rejects does: it has to land. */
function begun<T>(work: () => Promise<T>): Promise<T> {
  try {
    return work();
  } catch (thrown) {
    return Promise.reject(thrown);
  }
}

import type { EventBus } from '../../ports/event-bus.ts';
import type { EventLog } from '../../ports/event-log.ts';
import { EnvelopeView } from '../envelope/envelope-view.ts';
import { MAX_EVENT_ID_LENGTH, type SimulationId } from '../ids.ts';
import { ignore } from '../ignore.ts';
import type { LedgerBook } from '../ledger/ledger-book.ts';
import type { SimulationLedger } from '../ledger/simulation-ledger.ts';
import { SerialQueue } from '../serial-queue.ts';
import { toShoalError } from '../shoal-error.ts';
import type { Acceptance, RejectedEvent } from './acceptance.ts';
import { type Batch, FlightFiller, type FlightFillerParts } from './flight-filler.ts';
import type { IngestWorker } from './ingest-worker.ts';
import { Landing } from './landing.ts';
import { OrderGuard } from './order-guard.ts';
import { UnderWay } from './under-way.ts';

export interface IntakeReceipt {
  readonly rejected: readonly RejectedEvent[];
  readonly logged: number;
  /** Log sequence of the last logged event; 0 when none was. */
  readonly lastSequence: number;
  /** Nothing of it was for the bus or the log: acknowledgements of commands, and what was done before. */
  readonly isQuiet: boolean;
}

export interface EventIntakeParts extends FlightFillerParts {
  readonly bus: EventBus;
  readonly log: EventLog;
  readonly ledgers: LedgerBook;
}

/** Takes events from workers to the bus and the log. The way of an event is `docs/architecture.md`. */
export class EventIntake {
  readonly #parts: EventIntakeParts;
  readonly #filler: FlightFiller;
  readonly #landing: Landing;
  readonly #underWay = new UnderWay();
  /** Of simulations in which something has to wait. */
  readonly #turns = new SerialQueue<SimulationId>();
  readonly #order = new OrderGuard();

  constructor(parts: EventIntakeParts) {
    this.#parts = parts;
    this.#filler = new FlightFiller(parts);
    this.#landing = new Landing({ counters: parts.counters, order: this.#order, underWay: this.#underWay });
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
      if (acceptance.landings.length > 0) await Promise.all(acceptance.landings);
    } finally {
      this.#underWay.end(simulationId);
    }
    const { rejected, logged, lastSequence, landings } = acceptance;
    if (rejected.length > 0) rejected.sort((a, b) => a.index - b.index);
    return { rejected, logged, lastSequence, isQuiet: landings.length === 0 };
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

  /**
   * Rejects all events of a batch that is over a limit. Their ordinals stay new: in smaller batches they may come again.
   *
   * @throws ShoalError BUS_UNAVAILABLE, SHUTTING_DOWN: the worker reports it again
   */
  async refuse(
    worker: IngestWorker,
    envelopes: readonly Uint8Array[],
    message: string,
  ): Promise<readonly RejectedEvent[]> {
    const { counters, ledgers } = this.#parts;
    const { simulationId, workerId } = worker;
    this.#underWay.begin(simulationId);
    try {
      const ledger = ledgers.ready(simulationId) ?? (await ledgers.whenReady(simulationId));
      const flight = ledger.setOff(workerId);
      flight.rejected = envelopes.length;
      ledger.land(flight, { published: true });
    } finally {
      this.#underWay.end(simulationId);
    }
    counters.rejected += envelopes.length;
    const view = new EnvelopeView();
    return envelopes.map((envelope, index) => {
      view.scan(envelope);
      const eventId = view.reportedEventId.slice(0, MAX_EVENT_ID_LENGTH);
      return { index, eventId, code: 'INVALID_ARGUMENT', message, metadata: { field: 'batch' } };
    });
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
        if (!this.#filler.take(worker, envelopes[index] as Uint8Array, index, batch)) break;
      } catch (thrown) {
        const { code, message, metadata } = toShoalError(thrown);
        rejected.push({ index, eventId: this.#filler.reportedId, code, message, metadata });
        flight.rejected += 1;
      }
    }
    const { messages } = batch;
    const { entries } = flight;
    flight.received = messages.length;
    if (messages.length === 0 && entries.length === 0) {
      this.#landing.landEmpty(batch);
      return;
    }
    const published = messages.length === 0 ? undefined : begun(() => bus.publish(messages));
    const appended = entries.length === 0 ? undefined : begun(() => log.append(entries));
    const landing = this.#landing.land(worker, batch, acceptance, appended, published);
    // Nobody waits for it while the rest has to wait; accept() tells its failure, or the one that came of it.
    landing.catch(ignore);
    acceptance.landings.push(landing);
  }

  /** Resolves when everything that was accepted of the simulation is published and logged, or has failed. */
  settled(id: SimulationId): Promise<void> {
    return this.#underWay.settled(id);
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

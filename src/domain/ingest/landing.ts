import type { AppendReceipt, RejectedEntry } from '../../ports/event-log.ts';
import type { Acceptance } from './acceptance.ts';
import type { EventCounters, EventCounts } from './event-counters.ts';
import type { Batch } from './flight-filler.ts';
import type { IngestWorker } from './ingest-worker.ts';
import type { OrderGuard } from './order-guard.ts';
import type { UnderWay } from './under-way.ts';

export interface LandingParts {
  readonly counters: EventCounters;
  readonly order: OrderGuard;
  readonly underWay: UnderWay;
}

/** What becomes of events once they are handed over: the ledger hears how it went, and then whoever reported them. */
export class Landing {
  readonly #parts: LandingParts;

  constructor(parts: LandingParts) {
    this.#parts = parts;
  }

  /** @throws what bus and log throw */
  async land(
    worker: IngestWorker,
    batch: Batch,
    acceptance: Acceptance,
    appended: Promise<AppendReceipt> | undefined,
    published: Promise<void> | undefined,
  ): Promise<void> {
    const { simulationId } = worker;
    const { order, underWay } = this.#parts;
    underWay.begin(simulationId);
    const handedOver = [appended, published] as const;
    const landed = Promise.allSettled(handedOver).then(([append, publication]) => {
      const receipt = append.status === 'fulfilled' ? append.value : undefined;
      if (append.status === 'rejected') order.failed(worker);
      const outcome = { published: publication.status === 'fulfilled' };
      batch.ledger.land(batch.flight, receipt === undefined ? outcome : { ...outcome, receipt });
      underWay.end(simulationId);
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

  /** A batch with nothing for bus or log: acknowledgements of commands, which somebody waits for, are not to wait for promises. */
  landEmpty({ ledger, flight }: Batch): void {
    ledger.land(flight, { published: true });
    this.#parts.counters.rejected += flight.rejected;
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
}

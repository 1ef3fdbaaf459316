import { ShoalError } from '../shoal-error.ts';
import type { IngestWorker } from './ingest-worker.ts';

/** Sees to it that what waits behind something that failed does not overtake it: the worker reports both again. */
export class OrderGuard {
  readonly #failures = new WeakMap<IngestWorker, number>();

  /** To be taken when something comes, and shown when its turn does. */
  ticket(worker: IngestWorker): number {
    return this.#failures.get(worker) ?? 0;
  }

  /** Something that the worker reported could not be taken. */
  failed(worker: IngestWorker): void {
    this.#failures.set(worker, this.ticket(worker) + 1);
  }

  /** @throws ShoalError BUS_UNAVAILABLE when something of the worker has failed since the ticket was taken */
  demandNoneFailedSince(ticket: number, worker: IngestWorker): void {
    if (this.ticket(worker) === ticket) return;
    // For those that came after the failure and wait behind this one.
    this.failed(worker);
    throw new ShoalError('BUS_UNAVAILABLE', 'what was reported before it could not be logged; report both again');
  }
}

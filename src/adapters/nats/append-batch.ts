import type { ShoalError } from '../../domain/shoal-error.ts';
import type { AppendReceipt, LogEntry, RejectedEntry } from '../../ports/event-log.ts';

/** One call of `append` until all its entries are settled. */
export class AppendBatch {
  readonly entries: readonly LogEntry[];
  /** Index of the first entry that has not been sent yet. */
  next = 0;
  readonly #resolve: (receipt: AppendReceipt) => void;
  readonly #reject: (error: ShoalError) => void;
  readonly #rejected: RejectedEntry[] = [];
  readonly #duplicates: number[] = [];
  #unsettled: number;
  #firstSequence = 0;
  #lastSequence = 0;

  constructor(
    entries: readonly LogEntry[],
    resolve: (receipt: AppendReceipt) => void,
    reject: (error: ShoalError) => void,
  ) {
    this.entries = entries;
    this.#unsettled = entries.length;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  /** @param isDuplicate it was there already */
  stored(index: number, sequence: number, isDuplicate: boolean): void {
    if (sequence > this.#lastSequence) this.#lastSequence = sequence;
    if (isDuplicate) this.#duplicates.push(index);
    else if (this.#firstSequence === 0 || sequence < this.#firstSequence) this.#firstSequence = sequence;
    this.#settle();
  }

  refused(index: number, reason: string): void {
    this.#rejected.push({ index, reason });
    this.#settle();
  }

  fail(error: ShoalError): void {
    this.#reject(error);
  }

  #settle(): void {
    this.#unsettled -= 1;
    if (this.#unsettled > 0) return;
    this.#resolve({
      firstSequence: this.#firstSequence,
      lastSequence: this.#lastSequence,
      rejected: this.#rejected,
      duplicates: this.#duplicates,
    });
  }
}

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
  #unsettled: number;
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

  stored(sequence: number): void {
    if (sequence > this.#lastSequence) this.#lastSequence = sequence;
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
    if (this.#unsettled === 0) this.#resolve({ lastSequence: this.#lastSequence, rejected: this.#rejected });
  }
}

import { OrdinalSet } from './ordinal-set.ts';

/** More intervals than this are not told apart. */
const MAX_GAPS = 1_024;

/** Running sequences of one simulation that are on no event of the log, or are not known to be. */
export class SequenceGaps {
  readonly #unused: OrdinalSet;
  readonly #missing: OrdinalSet;
  /** Of appends that failed: none of these was acknowledged. */
  #failed = new OrdinalSet();

  /** Intervals, as of {@link unused} and {@link missing}. */
  constructor(unused: readonly number[], missing: readonly number[]) {
    this.#unused = new OrdinalSet(unused, MAX_GAPS);
    this.#missing = new OrdinalSet(missing, MAX_GAPS);
  }

  /** Given to events that the log refused or had already, and that were not lost. */
  get unused(): number[] {
    return [...this.#unused.intervals];
  }

  /** Given to events that the log should have. */
  get missing(): number[] {
    return [...this.#missing.intervals];
  }

  notStored(number: number): void {
    this.#unused.add(number);
  }

  /** Nobody knows which of these the log has, until it was read. */
  failed(first: number, last: number): void {
    this.#failed.add(first, last);
  }

  /** The log was read: from now on it is known. */
  settled(): void {
    this.#failed = new OrdinalSet();
  }

  /** By intervals: how many are left out is for the log to say, and somebody may have emptied it, or written into it. */
  leftOut(first: number, last: number): void {
    const failed = new OrdinalSet([first, last]);
    const certain = new OrdinalSet([first, last]);
    certain.removeAll(this.#failed);
    failed.removeAll(certain);
    this.#unused.addAll(failed);
    this.#missing.addAll(certain);
  }

  /** @returns whether it was missing, and is not any more */
  found(number: number): boolean {
    if (!this.#missing.has(number)) return false;
    this.#missing.removeAll(new OrdinalSet([number, number]));
    return true;
  }
}

/**
 * Watches whether the log keeps the order in which entries were sent.
 *
 * An entry counts as displaced when it is stored now, behind one that was sent after it.
 */
export class Displacement {
  #count = 0;
  #newestOrdinal = -1;
  #newestSequence = 0;

  get count(): number {
    return this.#count;
  }

  /** Ordinal of the latest sent among the entries that are stored. */
  get newestOrdinal(): number {
    return this.#newestOrdinal;
  }

  stored(ordinal: number, sequence: number, duplicate: boolean): void {
    if (ordinal > this.#newestOrdinal) {
      this.#newestOrdinal = ordinal;
      this.#newestSequence = sequence;
    } else if (!duplicate && sequence > this.#newestSequence) {
      this.#count += 1;
    }
  }
}

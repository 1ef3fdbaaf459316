import { overtaken } from '../../domain/subscription/overtaken.ts';

/**
 * Notices when the stream lost messages that a reader had not come to. The server says nothing of that: it goes on with
 * the first that is left, as it does behind messages that were not asked for.
 */
export class RetentionWatch {
  /** Up to this sequence nothing can have been removed unseen. Infinity: it is not known yet where reading begins. */
  #clearTo: number;
  /** The server had sent everything, and was asked for more ever since: what is removed now has been seen. */
  #keepsUp = false;
  readonly #skips: boolean;

  /** @param clearTo sequence before the first to read; undefined when only a time is known */
  constructor(clearTo = Number.POSITIVE_INFINITY, overtaken: 'fails' | 'skips' = 'fails') {
    this.#skips = overtaken === 'skips';
    this.#clearTo = clearTo;
  }

  /** The server is not being asked for more. */
  paused(): void {
    this.#keepsUp = false;
  }

  /**
   * A message has come, and behind it there were so many `pending`.
   *
   * @returns whether something may be missing before it: ask for the bounds of the stream, and {@link demandKept}
   */
  came(sequence: number, pending: number): boolean {
    if (this.#clearTo === Number.POSITIVE_INFINITY) this.#clearTo = sequence;
    const isClear = this.#skips || this.#keepsUp || sequence <= this.#clearTo + 1;
    if (isClear) this.clearTo(sequence);
    this.#keepsUp = pending === 0;
    return !isClear;
  }

  /**
   * Nothing more was to be had when the stream reached from `first` to `last`.
   *
   * @throws ShoalError CAPACITY_EXHAUSTED
   */
  cameToEnd(first: number, last: number): void {
    if (!this.#skips && !this.#keepsUp) this.demandKept(first);
    this.clearTo(last);
  }

  /** From now on the server is asked for more, and had nothing. */
  waits(): void {
    this.#keepsUp = true;
  }

  /** Everything up to here has been seen, or was not asked for. */
  clearTo(sequence: number): void {
    this.#clearTo = Math.max(this.#clearTo, sequence);
  }

  /** Messages were removed on purpose: of the stream that began at `first`, and now begins at `firstLeft`. */
  excuse(first: number, firstLeft: number): void {
    if (first <= this.#clearTo + 1) this.clearTo(firstLeft - 1);
  }

  /** @param first of the stream, now. @throws ShoalError CAPACITY_EXHAUSTED */
  demandKept(first: number): void {
    const next = this.#clearTo + 1;
    if (first > next) throw overtaken(next, first);
  }
}

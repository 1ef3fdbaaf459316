import { ShoalError } from '../../domain/shoal-error.ts';

/**
 * How many bytes may wait to be sent. Who came when there was no room is turned away, and so is everybody behind, until half of
 * the room is free: a small batch must not overtake a large one that comes back later.
 */
export class AppendRoom {
  readonly #maxBytes: number;
  #bytes = 0;
  #isCrowded = false;
  #turnedAway = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  /** That wait now. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Batches, so far. */
  get turnedAway(): number {
    return this.#turnedAway;
  }

  /** A single batch that is larger than the room is let in when nothing else waits. @throws ShoalError BUS_UNAVAILABLE */
  enter(bytes: number): void {
    if (this.#bytes > 0 && this.#bytes + bytes > this.#maxBytes) this.#isCrowded = true;
    if (this.#isCrowded) {
      this.#turnedAway += 1;
      throw new ShoalError(
        'BUS_UNAVAILABLE',
        `${this.#bytes} bytes wait for the event log already; append again later under the same event ids`,
      );
    }
    this.#bytes += bytes;
  }

  leave(bytes: number): void {
    this.#bytes -= bytes;
    if (this.#bytes <= this.#maxBytes / 2) this.#isCrowded = false;
  }

  clear(): void {
    this.leave(this.#bytes);
  }
}

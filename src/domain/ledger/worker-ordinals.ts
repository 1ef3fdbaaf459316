import { OrdinalSet } from './ordinal-set.ts';

/** Of one worker; enough for what a worker may have unacknowledged with every second event logged. */
const MAX_INTERVALS = 1_024;

/**
 * A worker whose ordinals come without order makes an interval of each: beyond so many on their way, further ones wait until some
 * have landed.
 */
const MAX_SCATTERED = 4_096;

/** Which events of one worker have been dealt with, and which are on their way. */
export class WorkerOrdinals {
  readonly done: OrdinalSet;
  readonly inFlight = new OrdinalSet();
  #highest: number;

  constructor(intervals: readonly number[] = []) {
    this.done = new OrdinalSet(intervals, MAX_INTERVALS);
    this.#highest = this.done.highest;
  }

  /** It was found in the log. */
  found(ordinal: number): void {
    this.done.add(ordinal);
    this.#highest = Math.max(this.#highest, ordinal);
  }

  /** One that is `new` is in flight from now on. */
  claim(ordinal: number): 'new' | 'done' | 'in flight' {
    if (ordinal <= this.#highest) {
      if (this.done.has(ordinal)) return 'done';
      if (this.inFlight.has(ordinal)) return 'in flight';
    }
    if (this.inFlight.intervals.length > 2 * MAX_SCATTERED) return 'in flight';
    if (ordinal > this.#highest) this.#highest = ordinal;
    this.inFlight.add(ordinal);
    return 'new';
  }
}

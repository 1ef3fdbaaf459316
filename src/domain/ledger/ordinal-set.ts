/**
 * Ordinals as intervals: a worker's ordinals rise by 1, so that there are few, however many events it reports.
 *
 * Beyond `maxIntervals` the lowest interval above the {@link watermark} is forgotten: what is resent is what was reported
 * last, and for an ordinal that is not known any more the log's own de-duplication is left.
 */
export class OrdinalSet {
  readonly #maxIntervals: number;
  /** First and last of each interval, ascending; between two intervals at least one ordinal is missing. */
  readonly #bounds: number[];

  constructor(intervals: readonly number[] = [], maxIntervals = Number.POSITIVE_INFINITY) {
    this.#bounds = [...intervals];
    this.#maxIntervals = maxIntervals;
  }

  get isEmpty(): boolean {
    return this.#bounds.length === 0;
  }

  /** All ordinals from 1 up to this one are in the set. */
  get watermark(): number {
    return this.#bounds[0] === 1 ? (this.#bounds[1] ?? 0) : 0;
  }

  /** 0 while the set is empty. */
  get highest(): number {
    return this.#bounds.at(-1) ?? 0;
  }

  /** First and last of each interval, ascending. */
  get intervals(): readonly number[] {
    return this.#bounds;
  }

  has(ordinal: number): boolean {
    const at = this.#firstEndingFrom(ordinal);
    return at < this.#bounds.length && (this.#bounds[at] as number) <= ordinal;
  }

  /** Adds all from `first` to `last`. */
  add(first: number, last = first): void {
    const bounds = this.#bounds;
    const { length } = bounds;
    const highest = length === 0 ? -1 : (bounds[length - 1] as number);
    if (first === highest + 1) bounds[length - 1] = last;
    else if (first > highest) bounds.push(first, last);
    else this.#merge(first, last);
    if (bounds.length > this.#maxIntervals * 2) bounds.splice(bounds[0] === 1 ? 2 : 0, 2);
  }

  addAll({ intervals }: OrdinalSet): void {
    for (let at = 0; at < intervals.length; at += 2) this.add(intervals[at] as number, intervals[at + 1]);
  }

  removeAll({ intervals }: OrdinalSet): void {
    for (let at = 0; at < intervals.length; at += 2) this.#remove(intervals[at] as number, intervals[at + 1] as number);
  }

  #merge(first: number, last: number): void {
    const bounds = this.#bounds;
    const from = this.#firstEndingFrom(first - 1);
    let to = from;
    while (to < bounds.length && (bounds[to] as number) <= last + 1) to += 2;
    const joined = to > from;
    const begin = joined ? Math.min(first, bounds[from] as number) : first;
    const end = joined ? Math.max(last, bounds[to - 1] as number) : last;
    bounds.splice(from, to - from, begin, end);
  }

  #remove(first: number, last: number): void {
    const bounds = this.#bounds;
    const from = this.#firstEndingFrom(first);
    let to = from;
    while (to < bounds.length && (bounds[to] as number) <= last) to += 2;
    if (to === from) return;
    const left: number[] = [];
    const begin = bounds[from] as number;
    const end = bounds[to - 1] as number;
    if (begin < first) left.push(begin, first - 1);
    if (end > last) left.push(last + 1, end);
    bounds.splice(from, to - from, ...left);
  }

  /** Index of the first interval whose end is not before the ordinal. */
  #firstEndingFrom(ordinal: number): number {
    let low = 0;
    let high = this.#bounds.length / 2;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bounds[middle * 2 + 1] as number) < ordinal) low = middle + 1;
      else high = middle;
    }
    return low * 2;
  }
}

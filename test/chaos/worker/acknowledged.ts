/**
 * What a worker may say is acknowledged, from what the library promises: `emit` resolves once fewer than `window`
 * events are unacknowledged, and they leave in order. So behind an `emit` of ordinal `o`, all up to `o - window + 1` are.
 */
export class Acknowledged {
  readonly #window: number;
  /** Ordinals of the events that are not known to be acknowledged, and their numbers. */
  #unknown: { readonly ordinal: number; readonly number: number }[] = [];

  constructor(window: number) {
    this.#window = window;
  }

  /** @returns the number of the last event that is acknowledged now, when there are more than before */
  emitted(number: number, ordinal: number): number | undefined {
    this.#unknown.push({ ordinal, number });
    const certain = ordinal - this.#window + 1;
    let last: number | undefined;
    while (this.#unknown[0] !== undefined && this.#unknown[0].ordinal <= certain) last = this.#unknown.shift()?.number;
    return last;
  }
}

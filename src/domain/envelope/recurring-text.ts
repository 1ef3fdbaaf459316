import { textOf } from './text.ts';

/** Text that is mostly the same from event to event: comparing its bytes costs less than reading them into a new string. */
export class RecurringText {
  #bytes = new Uint8Array(0);
  #text = '';

  /** @returns undefined when the bytes are not UTF-8 */
  read(bytes: Uint8Array, start: number, stop: number): string | undefined {
    if (this.#isSame(bytes, start, stop)) return this.#text;
    const text = textOf(bytes, start, stop);
    if (text === undefined) return undefined;
    this.#bytes = new Uint8Array(bytes.subarray(start, stop));
    this.#text = text;
    return text;
  }

  #isSame(bytes: Uint8Array, start: number, stop: number): boolean {
    const known = this.#bytes;
    const { length } = known;
    if (stop - start !== length) return false;
    // Keys and ids differ at their ends.
    for (let at = length - 1; at >= 0; at -= 1) if (bytes[start + at] !== known[at]) return false;
    return true;
  }
}

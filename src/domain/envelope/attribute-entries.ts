import { isUtf8, textOf } from './text.ts';
import { MalformedMessage, WIRE_LENGTH_DELIMITED, WireCursor, wrongType } from './wire-cursor.ts';

/** The routing attributes of one envelope at a time: where their entries are. They are read when somebody asks for one. */
export class AttributeEntries {
  readonly #ranges: number[] = [];
  #byteLength = 0;

  /** As they came, repeated ones too. */
  get count(): number {
    return this.#ranges.length / 2;
  }

  /** Of names, values and what is around them. */
  get byteLength(): number {
    return this.#byteLength;
  }

  clear(): void {
    this.#ranges.length = 0;
    this.#byteLength = 0;
  }

  /** Walks the entry, so that {@link get} cannot meet a malformed one. @throws MalformedMessage */
  add(bytes: Uint8Array, start: number, stop: number): void {
    const cursor = new WireCursor(bytes, start, stop);
    while (cursor.next()) {
      if (cursor.fieldNumber > 2) {
        cursor.skip();
        continue;
      }
      if (cursor.wireType !== WIRE_LENGTH_DELIMITED) throw wrongType(cursor, 'attributes: ');
      cursor.readRange();
      if (!isUtf8(bytes, cursor.start, cursor.stop)) throw new MalformedMessage('attributes is not UTF-8');
    }
    this.#ranges.push(start, stop);
    this.#byteLength += stop - start;
  }

  /** The last entry of that name counts. @param bytes those that the entries were added of @returns undefined when there is none */
  get(bytes: Uint8Array, name: string): string | undefined {
    const cursor = new WireCursor(bytes);
    let found: string | undefined;
    for (let at = 0; at < this.#ranges.length; at += 2) {
      cursor.reset(bytes, this.#ranges[at], this.#ranges[at + 1]);
      let key = '';
      let value = '';
      while (cursor.next()) {
        if (cursor.fieldNumber > 2) {
          cursor.skip();
          continue;
        }
        cursor.readRange();
        const text = textOf(bytes, cursor.start, cursor.stop) ?? '';
        if (cursor.fieldNumber === 1) key = text;
        else value = text;
      }
      if (key === name) found = value;
    }
    return found;
  }
}

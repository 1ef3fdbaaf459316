/** Thrown by {@link WireCursor} for bytes that are not a protobuf message; caught where a message enters, never passed on. */
export class MalformedMessage extends Error {
  override readonly name = 'MalformedMessage';
}

/** How deep groups may nest. Readers allow 99 or 100, counted differently: what one of them refuses must not get past Shoal. */
const MAX_GROUP_DEPTH = 64;
/** A varint of 32 bits; several readers refuse a tag or a length that is padded to more. */
const MAX_VARINT32_BYTES = 5;

export const WIRE_VARINT = 0;
const WIRE_FIXED64 = 1;
export const WIRE_LENGTH_DELIMITED = 2;
const WIRE_START_GROUP = 3;
const WIRE_END_GROUP = 4;
const WIRE_FIXED32 = 5;

/** Walks the fields of a protobuf message without decoding them (https://protobuf.dev/programming-guides/encoding). */
export class WireCursor {
  bytes: Uint8Array;
  position: number;
  end: number;
  /** Of the field that {@link next} stopped at. */
  fieldNumber = 0;
  wireType = 0;
  /** Of the varint that {@link readVarint} read: its low and its high 32 bits, unsigned. */
  low = 0;
  high = 0;
  /** Of the length-delimited field that {@link readRange} read. */
  start = 0;
  stop = 0;

  constructor(bytes: Uint8Array, start = 0, end = bytes.length) {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  reset(bytes: Uint8Array, start = 0, end = bytes.length): void {
    this.bytes = bytes;
    this.position = start;
    this.end = end;
  }

  /** Goes to the next field; false at the end of the message. */
  next(): boolean {
    const before = this.position;
    if (before >= this.end) return false;
    this.readVarint();
    if (this.high !== 0 || this.position - before > MAX_VARINT32_BYTES)
      throw new MalformedMessage('a field tag is too long');
    this.fieldNumber = this.low >>> 3;
    this.wireType = this.low & 7;
    if (this.fieldNumber === 0) throw new MalformedMessage('a field has the number 0');
    return true;
  }

  readVarint(): void {
    const { bytes, end } = this;
    let at = this.position;
    let low = 0;
    let high = 0;
    for (let shift = 0; shift < 70; shift += 7) {
      if (at >= end) throw new MalformedMessage('it ends within a number');
      const byte = bytes[at++] as number;
      const bits = byte & 0x7f;
      if (shift < 28) low |= bits << shift;
      else if (shift === 28) {
        low |= bits << 28;
        high = bits >>> 4;
      } else {
        if (shift === 63 && bits > 1 && byte < 0x80) throw new MalformedMessage('a number has more than 64 bits');
        high |= bits << (shift - 32);
      }
      if (byte < 0x80) {
        this.low = low >>> 0;
        this.high = high >>> 0;
        this.position = at;
        return;
      }
    }
    throw new MalformedMessage('a number is longer than 10 bytes');
  }

  readRange(): void {
    const before = this.position;
    this.readVarint();
    if (this.position - before > MAX_VARINT32_BYTES) throw new MalformedMessage('a length is too long');
    this.start = this.position;
    this.stop = this.position + this.low;
    if (this.high !== 0 || this.stop > this.end) throw new MalformedMessage('it ends within a field');
    this.position = this.stop;
  }

  /** Skips the value of the present field, whatever its type. */
  skip(depth = 0): void {
    switch (this.wireType) {
      case WIRE_VARINT:
        this.readVarint();
        return;
      case WIRE_FIXED64:
        this.#advance(8);
        return;
      case WIRE_LENGTH_DELIMITED:
        this.readRange();
        return;
      case WIRE_FIXED32:
        this.#advance(4);
        return;
      case WIRE_START_GROUP:
        this.#skipGroup(this.fieldNumber, depth);
        return;
      default:
        throw new MalformedMessage(`a field has the wire type ${this.wireType}`);
    }
  }

  #skipGroup(group: number, depth: number): void {
    if (depth >= MAX_GROUP_DEPTH) throw new MalformedMessage('groups are nested too deeply');
    while (this.next()) {
      if (this.wireType !== WIRE_END_GROUP) this.skip(depth + 1);
      else if (this.fieldNumber === group) return;
      else throw new MalformedMessage('a group ends under another number');
    }
    throw new MalformedMessage('it ends within a group');
  }

  #advance(count: number): void {
    this.position += count;
    if (this.position > this.end) throw new MalformedMessage('it ends within a field');
  }
}

export function wrongType({ fieldNumber, wireType }: WireCursor, where = ''): MalformedMessage {
  return new MalformedMessage(`${where}field ${fieldNumber} has the wire type ${wireType}`);
}

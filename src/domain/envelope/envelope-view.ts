import { isAscii, isUtf8, latin1 } from './text.ts';
import { MalformedMessage, WIRE_LENGTH_DELIMITED, WIRE_VARINT, WireCursor } from './wire-cursor.ts';

const TWO_POW_32 = 4_294_967_296;

/**
 * What routing needs of an event envelope, read from its bytes without decoding them (ADR 0003).
 *
 * One view is used again and again: {@link scan} overwrites it. As in protobuf, the last of a repeated scalar counts, and
 * a known field number with another wire type is an unknown field. Strings that are to become identities are handed
 * out as they came, one character per byte; whoever uses them checks their alphabet, which has nothing beyond ASCII.
 */
export class EnvelopeView {
  bytes: Uint8Array = new Uint8Array(0);
  eventId = '';
  eventTypeKey = '';
  sourceWorkerId = '';
  simulationId = '';
  correlationId = '';
  timestampIsNegative = false;
  timestampIsAbsent = true;
  /** Exact up to 2^53. */
  ordinal = 0;
  payloadStart = 0;
  payloadEnd = 0;
  readonly #cursor = new WireCursor(this.bytes);
  readonly #attributes: number[] = [];

  /** Reads `bytes`; undefined when they are an envelope, else what is wrong with them. */
  scan(bytes: Uint8Array): string | undefined {
    this.#clear(bytes);
    try {
      this.#scan();
      return undefined;
    } catch (thrown) {
      if (thrown instanceof MalformedMessage) return thrown.message;
      throw thrown;
    }
  }

  /** A routing attribute; the last entry of that name counts. Undefined when there is none. */
  attribute(name: string): string | undefined {
    const { bytes } = this;
    const cursor = new WireCursor(bytes);
    let found: string | undefined;
    for (let at = 0; at < this.#attributes.length; at += 2) {
      cursor.reset(bytes, this.#attributes[at], this.#attributes[at + 1]);
      let key = '';
      let value = '';
      while (cursor.next()) {
        if (cursor.wireType === WIRE_LENGTH_DELIMITED && cursor.fieldNumber <= 2) {
          cursor.readRange();
          const text = latin1(bytes, cursor.start, cursor.stop);
          if (cursor.fieldNumber === 1) key = text;
          else value = text;
        } else cursor.skip();
      }
      if (key === name) found = value;
    }
    return found;
  }

  payload(): Uint8Array {
    return this.bytes.subarray(this.payloadStart, this.payloadEnd);
  }

  #clear(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.eventId = this.eventTypeKey = this.sourceWorkerId = this.simulationId = this.correlationId = '';
    this.timestampIsNegative = false;
    this.timestampIsAbsent = true;
    this.ordinal = 0;
    this.payloadStart = this.payloadEnd = 0;
    this.#attributes.length = 0;
    this.#cursor.reset(bytes);
  }

  #scan(): void {
    const cursor = this.#cursor;
    while (cursor.next()) {
      if (cursor.wireType === WIRE_LENGTH_DELIMITED) this.#scanRange(cursor.fieldNumber);
      else if (cursor.wireType === WIRE_VARINT) this.#scanNumber(cursor.fieldNumber);
      else cursor.skip();
    }
  }

  #scanNumber(fieldNumber: number): void {
    const cursor = this.#cursor;
    cursor.readVarint();
    if (fieldNumber === 4) {
      this.timestampIsNegative = cursor.high >= 0x8000_0000;
      this.timestampIsAbsent = cursor.low === 0 && cursor.high === 0;
    } else if (fieldNumber === 10) this.ordinal = cursor.high * TWO_POW_32 + cursor.low;
  }

  #scanRange(fieldNumber: number): void {
    const cursor = this.#cursor;
    cursor.readRange();
    const { start, stop } = cursor;
    switch (fieldNumber) {
      case 1:
        this.eventId = latin1(this.bytes, start, stop);
        return;
      case 2:
        this.eventTypeKey = latin1(this.bytes, start, stop);
        return;
      case 3:
        this.payloadStart = start;
        this.payloadEnd = stop;
        return;
      case 5:
        this.sourceWorkerId = latin1(this.bytes, start, stop);
        return;
      case 6:
        this.simulationId = latin1(this.bytes, start, stop);
        return;
      case 7:
        this.#demandText(start, stop, 'payload_content_type');
        return;
      case 8:
        this.#demandText(start, stop, 'correlation_id');
        this.correlationId = latin1(this.bytes, start, stop);
        return;
      case 9:
        this.#scanAttribute(start, stop);
        return;
      default:
        return;
    }
  }

  /** Walks the entry here, so that {@link attribute} cannot meet a malformed one. */
  #scanAttribute(start: number, stop: number): void {
    const cursor = new WireCursor(this.bytes, start, stop);
    while (cursor.next()) {
      const isText = cursor.wireType === WIRE_LENGTH_DELIMITED && cursor.fieldNumber <= 2;
      if (!isText) {
        cursor.skip();
        continue;
      }
      cursor.readRange();
      this.#demandText(cursor.start, cursor.stop, 'attributes');
    }
    this.#attributes.push(start, stop);
  }

  /** A strict reader (Rust, Python) refuses the whole envelope for one string that is not UTF-8; so does Shoal, at its edge. */
  #demandText(start: number, stop: number, field: string): void {
    if (isAscii(this.bytes, start, stop) || isUtf8(this.bytes, start, stop)) return;
    throw new MalformedMessage(`${field} is not UTF-8`);
  }
}

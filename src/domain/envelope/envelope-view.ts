import { isUtf8, textOf } from './text.ts';
import { MalformedMessage, WIRE_LENGTH_DELIMITED, WIRE_VARINT, WireCursor } from './wire-cursor.ts';

const TWO_POW_32 = 4_294_967_296;
/** The fields of the contract are those up to here; the rest are unknown and skipped. */
const LAST_FIELD = 10;
const TIMESTAMP = 4;
const ORDINAL = 10;

/**
 * What routing needs of an event envelope, read from its bytes without decoding them (ADR 0003).
 *
 * One view is used again and again: {@link scan} overwrites it. As in protobuf, the last of a repeated scalar counts.
 * What scanning accepts, every reader accepts and reads alike. So it is stricter than some: a field of the contract with
 * another wire type, which some skip, some refuse and some misread, is malformed, as is a string that is not UTF-8.
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
  /** From event to event these are mostly the same, and comparing costs less than reading them into a new string. */
  #lastKey = '';
  #lastWorkerId = '';
  #lastSimulationId = '';

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

  /** As they came, repeated ones too. */
  get attributeCount(): number {
    return this.#attributes.length / 2;
  }

  /** Names, values and what is around them. */
  get attributeBytes(): number {
    let bytes = 0;
    for (let at = 0; at < this.#attributes.length; at += 2)
      bytes += (this.#attributes[at + 1] as number) - (this.#attributes[at] as number);
    return bytes;
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
      const { fieldNumber, wireType } = cursor;
      if (fieldNumber > LAST_FIELD) cursor.skip();
      else if (fieldNumber === TIMESTAMP || fieldNumber === ORDINAL) {
        if (wireType !== WIRE_VARINT) throw wrongType(cursor);
        this.#scanNumber(fieldNumber);
      } else {
        if (wireType !== WIRE_LENGTH_DELIMITED) throw wrongType(cursor);
        this.#scanRange(fieldNumber);
      }
    }
  }

  #scanNumber(fieldNumber: number): void {
    const cursor = this.#cursor;
    cursor.readVarint();
    if (fieldNumber === TIMESTAMP) {
      this.timestampIsNegative = cursor.high >= 0x8000_0000;
      this.timestampIsAbsent = cursor.low === 0 && cursor.high === 0;
    } else this.ordinal = cursor.high * TWO_POW_32 + cursor.low;
  }

  #scanRange(fieldNumber: number): void {
    const cursor = this.#cursor;
    cursor.readRange();
    const { start, stop } = cursor;
    switch (fieldNumber) {
      case 1:
        this.eventId = this.#text(start, stop, 'event_id');
        return;
      case 2:
        this.#lastKey = this.#isText(start, stop, this.#lastKey)
          ? this.#lastKey
          : this.#text(start, stop, 'event_type_key');
        this.eventTypeKey = this.#lastKey;
        return;
      case 3:
        this.payloadStart = start;
        this.payloadEnd = stop;
        return;
      case 5:
        this.#lastWorkerId = this.#isText(start, stop, this.#lastWorkerId)
          ? this.#lastWorkerId
          : this.#text(start, stop, 'source_worker_id');
        this.sourceWorkerId = this.#lastWorkerId;
        return;
      case 6:
        this.#lastSimulationId = this.#isText(start, stop, this.#lastSimulationId)
          ? this.#lastSimulationId
          : this.#text(start, stop, 'simulation_id');
        this.simulationId = this.#lastSimulationId;
        return;
      case 7:
        this.#demandText(start, stop, 'payload_content_type');
        return;
      case 8:
        this.correlationId = this.#text(start, stop, 'correlation_id');
        return;
      default:
        this.#scanAttribute(start, stop);
    }
  }

  /** Walks the entry here, so that {@link attribute} cannot meet a malformed one. */
  #scanAttribute(start: number, stop: number): void {
    const cursor = new WireCursor(this.bytes, start, stop);
    while (cursor.next()) {
      if (cursor.fieldNumber > 2) {
        cursor.skip();
        continue;
      }
      if (cursor.wireType !== WIRE_LENGTH_DELIMITED) throw wrongType(cursor, 'attributes: ');
      cursor.readRange();
      this.#demandText(cursor.start, cursor.stop, 'attributes');
    }
    this.#attributes.push(start, stop);
  }

  /** Whether the bytes are exactly that text, in ASCII. */
  #isText(start: number, stop: number, text: string): boolean {
    if (stop - start !== text.length) return false;
    for (let at = 0; at < text.length; at += 1) {
      const byte = this.bytes[start + at] as number;
      if (byte >= 0x80 || byte !== text.charCodeAt(at)) return false;
    }
    return true;
  }

  /** A strict reader (Rust, Python) refuses the whole envelope for one string that is not UTF-8; so does Shoal, at its edge. */
  #text(start: number, stop: number, field: string): string {
    const text = textOf(this.bytes, start, stop);
    if (text === undefined) throw new MalformedMessage(`${field} is not UTF-8`);
    return text;
  }

  #demandText(start: number, stop: number, field: string): void {
    if (!isUtf8(this.bytes, start, stop)) throw new MalformedMessage(`${field} is not UTF-8`);
  }
}

function wrongType({ fieldNumber, wireType }: WireCursor, where = ''): MalformedMessage {
  return new MalformedMessage(`${where}field ${fieldNumber} has the wire type ${wireType}`);
}

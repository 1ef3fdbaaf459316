import { AttributeEntries } from './attribute-entries.ts';
import { RecurringText } from './recurring-text.ts';
import { isUtf8, textOf } from './text.ts';
import { MalformedMessage, WIRE_LENGTH_DELIMITED, WIRE_VARINT, WireCursor, wrongType } from './wire-cursor.ts';

const TWO_POW_32 = 4_294_967_296;
/** The fields of the contract are those up to here; the rest are unknown and skipped. */
const LAST_FIELD = 10;
const TIMESTAMP = 4;
const ORDINAL = 10;
/** By tag of one byte, the number of the length-delimited field; 0 for every other byte. */
const RANGE_FIELDS = new Uint8Array(256);
for (const field of [1, 2, 3, 5, 6, 7, 8, 9]) RANGE_FIELDS[(field << 3) | WIRE_LENGTH_DELIMITED] = field;

/**
 * What routing needs of an event envelope, read from its bytes without decoding them (ADR 0003).
 *
 * One view is used again and again: {@link scan} overwrites it. As in protobuf, the last of a repeated scalar counts.
 * What scanning accepts, every reader accepts and reads alike. So it is stricter than some: a field of the contract with
 * another wire type, which some skip, some refuse and some misread, is malformed, as is a string that is not UTF-8.
 *
 * It costs every event its time: texts that differ from event to event are read when they are asked for.
 */
export class EnvelopeView {
  bytes: Uint8Array = new Uint8Array(0);
  eventTypeKey = '';
  sourceWorkerId = '';
  simulationId = '';
  timestampIsNegative = false;
  timestampIsAbsent = true;
  /** Exact up to 2^53. */
  ordinal = 0;
  payloadStart = 0;
  payloadEnd = 0;
  readonly attributes = new AttributeEntries();
  readonly #cursor = new WireCursor(this.bytes);
  readonly #keys = new RecurringText();
  readonly #workerIds = new RecurringText();
  readonly #simulationIds = new RecurringText();
  #eventIdStart = 0;
  #eventIdStop = 0;
  #filledEventId = '';
  #correlationIdStart = 0;
  #correlationIdStop = 0;

  /** Whether one was reported. */
  get hasEventId(): boolean {
    return this.#eventIdStop > this.#eventIdStart;
  }

  /** As reported, or else as {@link fillEventId} has it. */
  get eventId(): string {
    return this.#filledEventId === '' ? this.reportedEventId : this.#filledEventId;
  }

  get reportedEventId(): string {
    return textOf(this.bytes, this.#eventIdStart, this.#eventIdStop) ?? '';
  }

  get correlationId(): string {
    return textOf(this.bytes, this.#correlationIdStart, this.#correlationIdStop) ?? '';
  }

  /** Whether the event id has at most `maxLength` characters, all of them printable ASCII and none a space. */
  eventIdIsPlain(maxLength: number): boolean {
    const { bytes } = this;
    const stop = this.#eventIdStop;
    if (stop - this.#eventIdStart > maxLength) return false;
    for (let at = this.#eventIdStart; at < stop; at += 1) {
      const byte = bytes[at] as number;
      if (byte <= 0x20 || byte >= 0x7f) return false;
    }
    return true;
  }

  fillEventId(id: string): void {
    this.#filledEventId = id;
  }

  /** A routing attribute; the last entry of that name counts. Undefined when there is none. */
  attribute(name: string): string | undefined {
    return this.attributes.get(this.bytes, name);
  }

  payload(): Uint8Array {
    return this.bytes.subarray(this.payloadStart, this.payloadEnd);
  }

  /** Reads `bytes`; undefined when they are an envelope, else what is wrong with them. */
  scan(bytes: Uint8Array): string | undefined {
    this.#clear(bytes);
    try {
      this.#scan(bytes);
      return undefined;
    } catch (thrown) {
      if (thrown instanceof MalformedMessage) return thrown.message;
      throw thrown;
    }
  }

  #clear(bytes: Uint8Array): void {
    this.bytes = bytes;
    this.eventTypeKey = this.sourceWorkerId = this.simulationId = '';
    this.#eventIdStart = this.#eventIdStop = this.#correlationIdStart = this.#correlationIdStop = 0;
    this.#filledEventId = '';
    this.timestampIsNegative = false;
    this.timestampIsAbsent = true;
    this.ordinal = 0;
    this.payloadStart = this.payloadEnd = 0;
    if (this.attributes.count > 0) this.attributes.clear();
  }

  /** Fields as writers write them, with a tag of one byte and a length of one or two, are met here; all others by the cursor. */
  #scan(bytes: Uint8Array): void {
    const { length } = bytes;
    let at = 0;
    while (at < length) {
      const field = RANGE_FIELDS[bytes[at] as number] as number;
      if (field !== 0 && at + 2 < length) {
        let start = at + 2;
        let size = bytes[at + 1] as number;
        if (size >= 0x80) {
          const high = bytes[start] as number;
          // Of a length of three bytes: more than there are, so that the cursor reads it.
          size = high >= 0x80 ? length : (size & 0x7f) | (high << 7);
          start += 1;
        }
        const stop = start + size;
        if (stop <= length) {
          this.#take(field, start, stop);
          at = stop;
          continue;
        }
      }
      at = this.#scanField(bytes, at);
    }
  }

  /** @returns where the next one begins */
  #scanField(bytes: Uint8Array, at: number): number {
    const cursor = this.#cursor;
    cursor.reset(bytes, at);
    cursor.next();
    const { fieldNumber, wireType } = cursor;
    if (fieldNumber > LAST_FIELD) cursor.skip();
    else if (fieldNumber === TIMESTAMP || fieldNumber === ORDINAL) {
      if (wireType !== WIRE_VARINT) throw wrongType(cursor);
      cursor.readVarint();
      this.#takeNumber(fieldNumber, cursor);
    } else {
      if (wireType !== WIRE_LENGTH_DELIMITED) throw wrongType(cursor);
      cursor.readRange();
      this.#take(fieldNumber, cursor.start, cursor.stop);
    }
    return cursor.position;
  }

  #takeNumber(fieldNumber: number, { high, low }: WireCursor): void {
    if (fieldNumber === TIMESTAMP) {
      this.timestampIsNegative = high >= 0x8000_0000;
      this.timestampIsAbsent = low === 0 && high === 0;
    } else this.ordinal = high * TWO_POW_32 + low;
  }

  #take(fieldNumber: number, start: number, stop: number): void {
    const { bytes } = this;
    switch (fieldNumber) {
      case 1:
        demandUtf8(bytes, start, stop, 'event_id');
        this.#eventIdStart = start;
        this.#eventIdStop = stop;
        return;
      case 2:
        this.eventTypeKey = this.#keys.read(bytes, start, stop) ?? notUtf8('event_type_key');
        return;
      case 3:
        this.payloadStart = start;
        this.payloadEnd = stop;
        return;
      case 5:
        this.sourceWorkerId = this.#workerIds.read(bytes, start, stop) ?? notUtf8('source_worker_id');
        return;
      case 6:
        this.simulationId = this.#simulationIds.read(bytes, start, stop) ?? notUtf8('simulation_id');
        return;
      case 7:
        demandUtf8(bytes, start, stop, 'payload_content_type');
        return;
      case 8:
        demandUtf8(bytes, start, stop, 'correlation_id');
        this.#correlationIdStart = start;
        this.#correlationIdStop = stop;
        return;
      default:
        this.attributes.add(bytes, start, stop);
    }
  }
}

/** A strict reader (Rust, Python) refuses the whole envelope for one string that is not UTF-8; so does Shoal, at its edge. */
function demandUtf8(bytes: Uint8Array, start: number, stop: number, field: string): void {
  if (!isUtf8(bytes, start, stop)) notUtf8(field);
}

function notUtf8(field: string): never {
  throw new MalformedMessage(`${field} is not UTF-8`);
}

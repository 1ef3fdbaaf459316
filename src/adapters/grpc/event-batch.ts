import { MalformedMessage, WIRE_LENGTH_DELIMITED, WIRE_VARINT, WireCursor } from '../../domain/envelope/wire-cursor.ts';
import { invalidArgument, ShoalError } from '../../domain/shoal-error.ts';

/** A ReportEventBatchesRequest whose envelopes are still bytes. */
export interface EventBatch {
  readonly sequence: number;
  /** Views of the received message, not copies. */
  readonly envelopes: readonly Uint8Array[];
}

/**
 * Reads the two fields of the message without decoding the events.
 *
 * @param maxEvents an event may be two bytes, so that a message of allowed size could hold millions of them
 * @throws ShoalError INVALID_ARGUMENT; CAPACITY_EXHAUSTED for more events than that
 */
export function scanEventBatch(bytes: Uint8Array, maxEvents: number): EventBatch {
  const cursor = new WireCursor(bytes);
  const envelopes: Uint8Array[] = [];
  let sequence = 0;
  try {
    while (cursor.next()) {
      if (cursor.fieldNumber === 2 && cursor.wireType === WIRE_LENGTH_DELIMITED) {
        if (envelopes.length === maxEvents) throw tooManyEvents(maxEvents);
        cursor.readRange();
        envelopes.push(bytes.subarray(cursor.start, cursor.stop));
      } else if (cursor.fieldNumber === 1 && cursor.wireType === WIRE_VARINT) {
        cursor.readVarint();
        sequence = cursor.high * 4_294_967_296 + cursor.low;
      } else cursor.skip();
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessage)) throw thrown;
    throw invalidArgument('batch', `the bytes are not a ReportEventBatchesRequest: ${thrown.message}`);
  }
  return { sequence, envelopes };
}

function tooManyEvents(maxEvents: number): ShoalError {
  return new ShoalError(
    'CAPACITY_EXHAUSTED',
    `the batch has more than ${maxEvents} events, twice max_batch_events; send them in several batches`,
    { metadata: { field: 'events', limit: 'max_batch_events' } },
  );
}

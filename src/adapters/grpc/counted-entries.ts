import type { MethodDefinition } from '@grpc/grpc-js';
import { MalformedMessage, WireCursor } from '../../domain/envelope/wire-cursor.ts';
import { invalidArgument } from '../../domain/shoal-error.ts';
import { BOUNDS } from './bounds.ts';

type AnyMethod = MethodDefinition<unknown, unknown>;
type Decode = AnyMethod['requestDeserialize'];

/** In place of a decoder, where a method takes its requests as bytes. */
export function rawMessage(bytes: Buffer): Buffer {
  return bytes;
}

/**
 * Decodes a request unless one of its fields has more entries than any may have: decoding takes microseconds for each, and would hold up
 * everybody before the field's own bound is looked at. Requests that stay bytes are left alone.
 */
export function countedEntries(method: AnyMethod): Decode {
  const { requestDeserialize: decode } = method;
  if (decode === rawMessage) return decode;
  return (bytes) => {
    const fieldNumber = crowdedField(bytes);
    if (fieldNumber !== undefined)
      throw invalidArgument(fieldName(method, fieldNumber), `has more than ${BOUNDS.entries} entries`);
    return decode(bytes);
  };
}

/** One at the top that has too many entries. What is malformed is not counted on: decoding it will say so. */
function crowdedField(bytes: Buffer): number | undefined {
  if (bytes.length <= BOUNDS.entries) return undefined;
  const counts = new Map<number, number>();
  const cursor = new WireCursor(bytes);
  try {
    while (cursor.next()) {
      const { fieldNumber } = cursor;
      const count = (counts.get(fieldNumber) ?? 0) + 1;
      if (count > BOUNDS.entries) return fieldNumber;
      counts.set(fieldNumber, count);
      cursor.skip();
    }
  } catch (thrown) {
    if (!(thrown instanceof MalformedMessage)) throw thrown;
  }
  return undefined;
}

/** As the contract names it, where the descriptor has `simulationIds`. */
function fieldName(method: AnyMethod, fieldNumber: number): string {
  const { requestType } = method as {
    readonly requestType?: { readonly type?: { readonly field?: readonly Field[] } };
  };
  const name = requestType?.type?.field?.find(({ number }) => number === fieldNumber)?.name;
  return name?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`) ?? `field ${fieldNumber}`;
}

interface Field {
  readonly name: string;
  readonly number: number;
}

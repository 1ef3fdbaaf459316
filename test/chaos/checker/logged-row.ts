import { createHash } from 'node:crypto';
import { readEnvelope } from './envelope-reader.ts';

/** One event of the log, as the log has it. */
export interface LoggedRow {
  /** Its place in the whole log. */
  readonly sequence: number;
  /** Its place among those of its simulation, as the log says; undefined where it says none. */
  readonly simulationSequence: number | undefined;
  readonly simulationId: string;
  readonly key: string;
  readonly eventId: string;
  readonly workerId: string;
  readonly ordinal: number;
  /** Which event of its worker it is, as the worker counts; undefined for what is not of the chaos worker. */
  readonly number: number | undefined;
  /** Of the payload, as in journals. */
  readonly hash: string;
  /** Kept of Shoal's own events. */
  readonly payload: string | undefined;
}

/** @param stored what the log says beside the envelope: the two must agree */
export function loggedRow(
  envelope: Uint8Array,
  stored: { readonly sequence: number; readonly simulationSequence: number | undefined; readonly eventId: string },
): LoggedRow {
  const { key, payload, workerId, simulationId, ordinal, eventId } = readEnvelope(envelope);
  if (eventId !== stored.eventId)
    throw new Error(`event ${stored.sequence} is stored as ${stored.eventId} and is ${eventId}`);
  const text = Buffer.from(payload).toString();
  const isOurs = key.startsWith('chaos.');
  return {
    sequence: stored.sequence,
    simulationSequence: stored.simulationSequence,
    simulationId,
    key,
    eventId,
    workerId,
    ordinal,
    number: isOurs ? Number(text.slice(0, text.indexOf(' '))) : undefined,
    hash: createHash('sha256').update(payload).digest('hex').slice(0, 16),
    payload: isOurs ? undefined : text,
  };
}

import { ShoalError } from '../shoal-error.ts';

/**
 * Retention removed events before a reader came to them.
 *
 * @param next sequence at which the reader stands
 * @param first sequence from which on all events are kept, higher than `next`
 */
export function overtaken(next: number, first: number): ShoalError {
  return new ShoalError(
    'CAPACITY_EXHAUSTED',
    `retention removed the events before sequence ${first} while sequence ${next} was still to be read; begin again at ${first}, read faster, or keep more (retention.events, or the limits of the NATS stream)`,
    { metadata: { first_sequence: String(first) } },
  );
}

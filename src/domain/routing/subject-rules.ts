import { quote } from '../ids.ts';
import { invalidArgument, type ShoalError } from '../shoal-error.ts';
import { isSubjectFilter } from './subject-filter.ts';

/**
 * Every bus takes subjects of this length. A NATS server reads a protocol line of at most 4 KiB, in which the subject, a reply subject and sizes stand; a longer
 * one ends the connection. The longest subject of Shoal's own, with an event key of 16 tokens, has about 1.2 KiB.
 */
export const MAX_SUBJECT_LENGTH = 2_048;

/** Printable ASCII tokens, none empty, without wildcards: nothing that could end or bend the protocol line. */
const PUBLISHABLE = /^[!-)+\-/-=?-~]+(?:\.[!-)+\-/-=?-~]+)*$/;

/** @throws ShoalError INVALID_ARGUMENT for a subject that must not be published to */
export function checkSubject(subject: string): void {
  if (subject.length > MAX_SUBJECT_LENGTH) throw tooLong('subject', subject);
  if (PUBLISHABLE.test(subject)) return;
  throw invalidArgument(
    'subject',
    `${quote(subject)} must be tokens of printable ASCII joined by dots, without wildcards`,
  );
}

/** @throws ShoalError INVALID_ARGUMENT for a filter that nobody must subscribe to */
export function checkFilter(filter: string): void {
  if (filter.length > MAX_SUBJECT_LENGTH) throw tooLong('filter', filter);
  if (!isSubjectFilter(filter)) throw invalidArgument('filter', `${quote(filter)} is no subject filter`);
}

function tooLong(field: string, subject: string): ShoalError {
  return invalidArgument(field, `has ${subject.length} characters; at most ${MAX_SUBJECT_LENGTH} are allowed`);
}

import { isSubjectFilter } from '../../domain/routing/subject-filter.ts';
import { invalidArgument, type ShoalError } from '../../domain/shoal-error.ts';

/**
 * The server reads a protocol line of at most 4 KiB, in which the subject, a reply subject and sizes stand; a longer
 * one ends the connection. The longest subject of Shoal's own, with an event key of 16 tokens, has about 1.2 KiB.
 */
const MAX_SUBJECT_LENGTH = 2_048;

/** Printable ASCII tokens, none empty, without wildcards: nothing that could end or bend the protocol line. */
const PUBLISHABLE = /^[!-)+\-/-=?-~]+(?:\.[!-)+\-/-=?-~]+)*$/;

/** @throws ShoalError INVALID_ARGUMENT for a subject that must not be published to */
export function checkSubject(subject: string): void {
  if (subject.length > MAX_SUBJECT_LENGTH) throw tooLong('subject', subject);
  if (PUBLISHABLE.test(subject)) return;
  throw invalidArgument(
    'subject',
    `${shown(subject)} must be tokens of printable ASCII joined by dots, without wildcards`,
  );
}

/** @throws ShoalError INVALID_ARGUMENT for a filter that nobody must subscribe to */
export function checkFilter(filter: string): void {
  if (filter.length > MAX_SUBJECT_LENGTH) throw tooLong('filter', filter);
  if (!isSubjectFilter(filter)) throw invalidArgument('filter', `${shown(filter)} is no subject filter`);
}

function tooLong(field: string, subject: string): ShoalError {
  return invalidArgument(field, `has ${subject.length} characters; at most ${MAX_SUBJECT_LENGTH} are allowed`);
}

function shown(subject: string): string {
  return JSON.stringify(subject.slice(0, 80));
}

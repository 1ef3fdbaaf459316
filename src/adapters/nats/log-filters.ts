import type { ReadRequest } from '../../ports/event-archive.ts';
import type { LogSubject } from './log-subject.ts';

/** More than that for one consumer costs the server more than it saves. */
const MAX_FILTERS = 64;
/** What an event key can hold; a pattern with anything else matches none, and does not become part of a subject. */
const KEY_PATTERN = /^(?:[A-Za-z0-9_-]{1,64}|\*)(?:\.(?:[A-Za-z0-9_-]{1,64}|\*)){0,15}(?:\.>)?$|^>$/;

export interface LogFilters {
  /** One for each simulation and key that was asked for: exact, and more than one only for servers that know that. */
  readonly exact: readonly string[];
  /** A single one that lets all of them through, and others. */
  readonly cover: string;
}

/**
 * The filters by which the server finds what a reader asked for.
 *
 * @returns undefined where the whole stream has to be read: nothing was asked for by name, or subjects do not tell
 */
export function logFilters(subject: LogSubject, request: Omit<ReadRequest, 'from'>): LogFilters | undefined {
  const { simulationIds, eventTypeKeys } = request;
  const ids = simulationIds ?? [undefined];
  const keys = eventTypeKeys?.filter((pattern) => KEY_PATTERN.test(pattern)) ?? [undefined];
  const only = <Value>(values: readonly Value[]): Value | undefined => (values.length === 1 ? values[0] : undefined);
  const cover = subject.filter(only(ids), only(keys));
  const exact = [...new Set(ids.flatMap((id) => keys.map((key) => subject.filter(id, key))))];
  if (exact.length === 0 || exact.includes(subject.filter())) return undefined;
  return { exact: exact.length > MAX_FILTERS ? [cover] : exact, cover };
}

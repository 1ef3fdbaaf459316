import { compileSubjectFilter } from '../routing/subject-filter.ts';

/** A worker may invent event keys; beyond this many the memory of what matches begins anew. */
const MAX_REMEMBERED_KEYS = 1_024;

/**
 * Tells whether an event key matches one of `patterns` (NATS wildcards), with one look for a key that was seen before.
 *
 * @param patterns absent: every key matches
 */
export function compileKeyFilter(patterns: readonly string[] | undefined): (eventTypeKey: string) => boolean {
  if (patterns === undefined) return () => true;
  const filters = patterns.map(compileSubjectFilter);
  const known = new Map<string, boolean>();
  return (eventTypeKey) => {
    const remembered = known.get(eventTypeKey);
    if (remembered !== undefined) return remembered;
    const matches = filters.some((filter) => filter(eventTypeKey));
    if (known.size >= MAX_REMEMBERED_KEYS) known.clear();
    known.set(eventTypeKey, matches);
    return matches;
  };
}

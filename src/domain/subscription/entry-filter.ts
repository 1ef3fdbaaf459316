import type { ReadRequest, StoredEntry } from '../../ports/event-archive.ts';
import { compileKeyFilter } from './key-filter.ts';

/** Tells whether an entry of the log is asked for by simulation and key. */
export type EntryFilter = (entry: Pick<StoredEntry, 'simulationId' | 'eventTypeKey'>) => boolean;

export function compileEntryFilter({ simulationIds, eventTypeKeys }: Omit<ReadRequest, 'from'>): EntryFilter {
  const ids = simulationIds === undefined ? undefined : new Set(simulationIds);
  const matchesKey = compileKeyFilter(eventTypeKeys);
  return ({ simulationId, eventTypeKey }) => (ids === undefined || ids.has(simulationId)) && matchesKey(eventTypeKey);
}

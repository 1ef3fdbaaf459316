import { invalidArgument } from '../../domain/shoal-error.ts';

/** What a request may hold of things that have no bound by their kind. The table of all limits is in docs/configuration.md. */
export const BOUNDS = {
  /** Of one field of any request, counted before it is decoded. */
  entries: 10_000,
  /** Of ControlSimulations and WatchSimulations. */
  simulationIds: 10_000,
  states: 32,
  contentTypeBytes: 255,
  sdkBytes: 255,
  supportedCommands: 64,
  workerLabels: 64,
  gauges: 256,
  /** Keys and values of maps of texts, names of gauges. */
  textBytes: 1_024,
  /** A day: as `limits.command_timeout`. */
  waitMs: 86_400_000,
} as const;

/** @throws ShoalError INVALID_ARGUMENT */
export function demandCount(field: string, count: number, max: number): void {
  if (count > max) throw invalidArgument(field, `has ${count} entries; at most ${max} are allowed`);
}

/** @throws ShoalError INVALID_ARGUMENT */
export function demandShort(field: string, text: string, maxBytes: number): void {
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) throw invalidArgument(field, `has ${bytes} bytes; at most ${maxBytes} are allowed`);
}

/** A map of short texts, or of anything by short names. @throws ShoalError INVALID_ARGUMENT */
export function demandSmallMap(field: string, map: Readonly<Record<string, unknown>>, max: number): void {
  const entries = Object.entries(map);
  demandCount(field, entries.length, max);
  for (const [key, value] of entries) {
    demandShort(field, key, BOUNDS.textBytes);
    if (typeof value === 'string') demandShort(field, value, BOUNDS.textBytes);
  }
}

/** @returns `ms`. @throws ShoalError INVALID_ARGUMENT for more than a day */
export function demandWait(field: string, ms: number): number {
  if (ms > BOUNDS.waitMs) throw invalidArgument(field, `is ${ms} ms; at most a day (${BOUNDS.waitMs} ms) is allowed`);
  return ms;
}

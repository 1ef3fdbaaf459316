import type { LoggedRow } from './logged-row.ts';

const MANIFEST_KEY = 'orchestrator.simulation_manifest.v1';

/** What the checker reads of it, as docs/contract.md has it. */
interface Manifest {
  readonly state: string;
  /** Logged events by key, the manifest left out. */
  readonly events: Readonly<Record<string, number>>;
  readonly logged: number;
  readonly rejected: number;
  readonly first_log_sequence: number;
  readonly last_log_sequence: number;
  /** Its own. */
  readonly simulation_sequence: number;
  readonly unused_simulation_sequences: readonly (readonly [first: number, last: number])[];
  readonly missing_simulation_sequences: readonly (readonly [first: number, last: number])[];
}

/**
 * Holds what the log says of its own completeness against its rows, in order: running sequences and manifests. A finding is a
 * sentence.
 *
 * @param simulations all that are over, by id, with their states
 */
export function checkCompleteness(rows: readonly LoggedRow[], simulations: ReadonlyMap<string, string>): string[] {
  const bySimulation = Map.groupBy(rows, ({ simulationId }) => simulationId);
  return [...simulations].flatMap(([id, state]) => checkSimulation(id, state, bySimulation.get(id) ?? []));
}

function checkSimulation(id: string, state: string, rows: readonly LoggedRow[]): string[] {
  const last = rows.at(-1);
  const manifests = rows.filter(({ key }) => key === MANIFEST_KEY).length;
  if (last === undefined || manifests === 0) return [`${id} is over and has no manifest`];
  if (manifests > 1) return [`${id} has ${manifests} manifests`];
  if (last.key !== MANIFEST_KEY) return [`${id} has events behind its manifest, such as ${last.eventId}`];
  const manifest = JSON.parse(last.payload ?? '') as Manifest;
  const events = rows.slice(0, -1);
  return [
    ...differences(`the manifest of ${id}`, manifest, {
      state,
      events: Object.fromEntries([...Map.groupBy(events, ({ key }) => key)].map(([key, of]) => [key, of.length])),
      logged: events.length,
      rejected: 0,
      first_log_sequence: events[0]?.sequence ?? 0,
      last_log_sequence: events.at(-1)?.sequence ?? 0,
      simulation_sequence: last.simulationSequence,
      missing_simulation_sequences: [],
    }),
    ...checkSequences(id, rows, manifest),
  ];
}

function differences(what: string, manifest: Manifest, rows: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(rows).flatMap(([field, inRows]) => {
    const said = sorted(manifest[field as keyof Manifest]);
    return said === sorted(inRows) ? [] : [`${what} says ${field} ${said}, and it is ${sorted(inRows)}`];
  });
}

/** Equal for equal values, whatever the order of keys. */
function sorted(value: unknown): string {
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  return JSON.stringify(isMap ? Object.fromEntries(Object.entries(value).sort()) : value) ?? 'nothing';
}

/** 1, 2, 3, …; a number that no row has is one that the manifest names as not used. */
function checkSequences(
  id: string,
  rows: readonly LoggedRow[],
  { unused_simulation_sequences: unused }: Manifest,
): string[] {
  const isUnused = (number: number) => unused.some(([first, last]) => first <= number && number <= last);
  let expected = 1;
  for (const { simulationSequence, eventId } of rows) {
    while (isUnused(expected)) expected += 1;
    if (simulationSequence !== expected)
      return [`event ${eventId} of ${id} has the running sequence ${simulationSequence}, and ${expected} is due`];
    expected += 1;
  }
  return [];
}

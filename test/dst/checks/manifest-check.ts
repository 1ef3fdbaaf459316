import { MANIFEST_KEY } from '../../../src/domain/ledger/manifest.ts';
import { readEnvelope } from '../../support/fakes/messages.ts';
import { demand } from '../harness/violation.ts';
import type { StoredEvents } from '../ports/stored-events.ts';

interface Manifest {
  readonly logged: number;
  readonly events: Readonly<Record<string, number>>;
  readonly last_simulation_sequence: number;
  readonly unused_simulation_sequences: readonly (readonly [first: number, last: number])[];
  readonly missing_simulation_sequences: readonly unknown[];
}

/** What a reader of the log can prove of one simulation: numbers without a gap, and a last event that says so. */
export function demandProof(events: StoredEvents, id: string, isOver: boolean): void {
  const entries = events.of(id);
  let last = 0;
  for (const { simulationSequence, eventId } of entries) {
    demand(simulationSequence > last, () => `${eventId} of ${id} has number ${simulationSequence} after ${last}`);
    last = simulationSequence;
  }
  const manifests = entries.filter(({ eventTypeKey }) => eventTypeKey === MANIFEST_KEY);
  demand(manifests.length <= 1, () => `${id} has ${manifests.length} manifests`);
  const [entry] = manifests;
  demand(entry !== undefined || !isOver, () => `${id} is over and has no manifest`);
  if (entry === undefined) return;
  demand(entries.at(-1) === entry, () => `${entries.at(-1)?.eventId} comes behind the manifest of ${id}`);
  const manifest: Manifest = JSON.parse(readEnvelope(entry.bytes).eventPayload.toString());
  const counted = entries.length - 1;
  demand(manifest.logged === counted, () => `the manifest of ${id} tells ${manifest.logged} events of ${counted}`);
  const unused = manifest.unused_simulation_sequences.reduce((sum, [from, to]) => sum + to - from + 1, 0);
  const numbered = manifest.last_simulation_sequence - unused;
  demand(numbered === counted, () => `the manifest of ${id} tells ${numbered} numbers of ${counted}`);
  demand(manifest.missing_simulation_sequences.length === 0, () => `the manifest of ${id} misses events`);
}

import type { EventTypeKey } from '../ids.ts';
import type { Simulation } from '../simulation/simulation.ts';
import type { LedgerState } from './ledger-state.ts';

/** Of the last logged event of a simulation. */
export const MANIFEST_KEY = 'orchestrator.simulation_manifest.v1' as EventTypeKey;

/** The same from every daemon that writes it, so that the log keeps it once; another for a simulation that has the id later. */
export function manifestEventId({ incarnation, createdAtMs }: Simulation): string {
  return `manifest-${createdAtMs}-${incarnation}`;
}

/** The payload, as `docs/contract.md` has it. Sequences are whole numbers below 2^53; 0 where there is no event. */
export function manifestOf(simulation: Simulation, ledger: LedgerState, runningSequence: number) {
  const { id, state, reason, message, incarnation, restarts } = simulation;
  return {
    simulation_id: id,
    state,
    reason: reason ?? '',
    message: message ?? '',
    incarnations: incarnation,
    restarts,
    events: ledger.logged,
    logged: Object.values(ledger.logged).reduce((sum, count) => sum + count, 0),
    received: ledger.received,
    rejected: ledger.rejected,
    duplicates: ledger.duplicates,
    dropped: ledger.dropped,
    first_log_sequence: ledger.firstSequence,
    last_log_sequence: ledger.lastSequence,
    first_simulation_sequence: runningSequence > 1 ? 1 : 0,
    last_simulation_sequence: runningSequence - 1,
    simulation_sequence: runningSequence,
    unused_simulation_sequences: pairsOf(ledger.unused),
    missing_simulation_sequences: pairsOf(ledger.missing),
  };
}

function pairsOf(intervals: readonly number[]): [first: number, last: number][] {
  return Array.from({ length: intervals.length / 2 }, (_, at) => [
    intervals[at * 2] as number,
    intervals[at * 2 + 1] as number,
  ]);
}

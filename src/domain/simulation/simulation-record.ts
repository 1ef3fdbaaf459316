import { fromExactJson, toExactJson } from '../exact-json.ts';
import { parseSimulationId } from '../ids.ts';
import type { Simulation } from './simulation.ts';
import { SIMULATION_STATES } from './simulation-state.ts';

/** Of the way in which a record is written; rises when an older Shoal could not read it. */
export const RECORD_VERSION = 1;

/** A simulation as text, exact. */
export function encodeSimulation(simulation: Simulation): string {
  return toExactJson(simulation);
}

/** @throws TypeError, or what JSON throws, that says what is wrong with a record that Shoal has not written */
export function decodeSimulation(text: string): Simulation {
  return demandSimulation(fromExactJson(text));
}

/** What no record lacks; the rest of a damaged one shows in its state. @throws TypeError */
export function demandSimulation(record: unknown): Simulation {
  const { id, workerType, state, labels, configuration, createdAtMs, incarnation } =
    (record as Partial<Simulation> | null) ?? {};
  parseSimulationId(String(id));
  const sound =
    typeof workerType === 'string' &&
    SIMULATION_STATES.some((known) => known === state) &&
    typeof labels === 'object' &&
    configuration?.bytes instanceof Uint8Array &&
    Number.isInteger(createdAtMs) &&
    Number.isInteger(incarnation);
  if (!sound) throw new TypeError('it lacks what every simulation has');
  return record as Simulation;
}

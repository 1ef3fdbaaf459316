import { parseSimulationId } from '../../domain/ids.ts';
import type { Simulation } from '../../domain/simulation/simulation.ts';
import { SIMULATION_STATES } from '../../domain/simulation/simulation-state.ts';

/** Of the way in which a record is written; rises when an older Shoal could not read it. */
export const RECORD_VERSION = 1;

/** A simulation as JSON, exact: whole numbers of 64 bits as `{"$bigint": "…"}`, bytes as `{"$bytes": "…"}` in base64. */
export function encodeSimulation(simulation: Simulation): string {
  return JSON.stringify(simulation, function (this: Readonly<Record<string, unknown>>, key, value) {
    // Buffers turn themselves into something else before this is asked.
    const own = this[key];
    if (typeof own === 'bigint') return { $bigint: String(own) };
    if (own instanceof Uint8Array) return { $bytes: Buffer.from(own).toString('base64') };
    return value;
  });
}

/** @throws TypeError that says what is wrong with a record that Shoal has not written */
export function decodeSimulation(text: string): Simulation {
  const record: unknown = JSON.parse(text, (_key, value) => {
    if (typeof value?.$bigint === 'string') return BigInt(value.$bigint);
    if (typeof value?.$bytes === 'string') return new Uint8Array(Buffer.from(value.$bytes, 'base64'));
    return value;
  });
  demandSimulation(record as Partial<Simulation> | null);
  return record as Simulation;
}

/** What no record lacks; the rest of a damaged file shows in its checksums or its state. */
function demandSimulation(record: Partial<Simulation> | null): void {
  const { id, workerType, state, labels, configuration, createdAtMs, incarnation } = record ?? {};
  parseSimulationId(String(id));
  const sound =
    typeof workerType === 'string' &&
    SIMULATION_STATES.some((known) => known === state) &&
    typeof labels === 'object' &&
    configuration?.bytes instanceof Uint8Array &&
    Number.isInteger(createdAtMs) &&
    Number.isInteger(incarnation);
  if (!sound) throw new TypeError('it lacks what every simulation has');
}

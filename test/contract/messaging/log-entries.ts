import { parseEventId, parseEventTypeKey, parseSimulationId } from '../../../src/domain/ids.ts';
import type { LogEntry } from '../../../src/ports/event-log.ts';

/** What a test looks at in a stored event. */
export interface StoredEvent {
  readonly sequence: number;
  readonly simulationId: string;
  readonly eventId: string;
  readonly bytes: Uint8Array;
}

export function entry(
  simulation: string,
  event: string,
  bytes: Uint8Array | string = `${simulation} ${event}`,
): LogEntry {
  return {
    simulationId: parseSimulationId(simulation),
    eventTypeKey: parseEventTypeKey('sim.world_state.v1'),
    eventId: parseEventId(event),
    bytes: Buffer.from(bytes),
  };
}

/** Event ids by simulation, in the order of the log. */
export function idsBySimulation(events: readonly StoredEvent[]): Record<string, string[]> {
  const ids: Record<string, string[]> = {};
  for (const { simulationId, eventId } of events) {
    ids[simulationId] ??= [];
    ids[simulationId].push(eventId);
  }
  return ids;
}

/** `count` batches of `size` entries; each simulation's events are named by a counter, simulations take turns. */
export function batches(simulations: readonly string[], count: number, size: number): LogEntry[][] {
  const counters = new Map<string, number>();
  return Array.from({ length: count }, (_, at) => {
    const simulation = simulations[at % simulations.length] ?? 'sim';
    return Array.from({ length: size }, () => {
      const counter = counters.get(simulation) ?? 0;
      counters.set(simulation, counter + 1);
      return entry(simulation, `e${counter}`);
    });
  });
}

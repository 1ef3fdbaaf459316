import { parseEventId, parseEventTypeKey, parseSimulationId } from '../../../src/domain/ids.ts';
import type { LogEntry } from '../../../src/ports/event-log.ts';
import { envelope } from '../fakes/messages.ts';

/** An entry of the log around an envelope. */
export function entry(simulation: string, event: string, key = 'sim.a.v1'): LogEntry {
  return {
    simulationId: parseSimulationId(simulation),
    eventTypeKey: parseEventTypeKey(key),
    eventId: parseEventId(event),
    bytes: envelope({ eventId: event, eventTypeKey: key, simulationId: simulation }),
  };
}

import type { WaitingEvent } from '../../../src/domain/subscription/waiting-event.ts';

/** An event whose subject is its name: `logged-SEQUENCE` where it is logged. */
export function waitingEvent(fields: {
  readonly id?: string;
  readonly logSequence?: number;
  readonly size?: number;
  readonly simulationId?: string;
  readonly eventTypeKey?: string;
}): WaitingEvent {
  const { logSequence = 0, simulationId = 's1', eventTypeKey = 'sim.a.v1', size = 10 } = fields;
  const subject = fields.id ?? `logged-${logSequence}`;
  return {
    simulationId,
    eventTypeKey,
    subject,
    bytes: new Uint8Array(size),
    logSequence,
    simulationSequence: logSequence,
  };
}

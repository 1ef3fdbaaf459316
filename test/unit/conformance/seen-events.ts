import type { GenericEventRequestOutput } from '../../../src/adapters/grpc/generated/fes/common/events/GenericEventRequest.ts';
import { Observations, type SeenEvent } from '../../../src/conformance/observations.ts';

export const ACK = { eventTypeKey: 'worker.command_ack.v1' };

/** Events as an examiner sees them, one after the other, on one stream. */
export function seen(...envelopes: readonly Partial<GenericEventRequestOutput>[]): SeenEvent[] {
  const record = new Observations();
  return envelopes.map((envelope, at) => record.addEvent(completed(envelope, at + 1), { stream: 1, sequence: at + 1 }));
}

function completed(envelope: Partial<GenericEventRequestOutput>, count: number): GenericEventRequestOutput {
  return {
    eventId: `e-${count}`,
    eventTypeKey: 'sim.thing.v1',
    eventPayload: Buffer.alloc(0),
    timestampNs: '1000',
    sourceWorkerId: '',
    simulationId: '',
    payloadContentType: '',
    correlationId: '',
    attributes: {},
    ordinal: String(count),
    ...envelope,
  };
}

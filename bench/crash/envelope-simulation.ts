import { EnvelopeView } from '../../src/domain/envelope/envelope-view.ts';

const view = new EnvelopeView();

/** Which simulation an event is about. */
export function readEnvelopeSimulation(envelope: Uint8Array): string {
  const malformed = view.scan(envelope);
  if (malformed !== undefined) throw new Error(`not an envelope: ${malformed}`);
  return view.simulationId;
}

import { expect } from 'vitest';
import type { EnvelopeView } from '../../../../src/domain/envelope/envelope-view.ts';
import type { DecodedEnvelope } from './wire-records.ts';

/** Everything that a view tells is what the reference decoder tells. */
export function expectSame(view: EnvelopeView, decoded: DecodedEnvelope): void {
  const { attributes } = decoded;
  const names = [...Object.keys(attributes), 'agent_id', 'tick', ''];
  expect({
    eventId: view.eventId,
    eventTypeKey: view.eventTypeKey,
    sourceWorkerId: view.sourceWorkerId,
    simulationId: view.simulationId,
    correlationId: view.correlationId,
    timestampIsAbsent: view.timestampIsAbsent,
    timestampIsNegative: view.timestampIsNegative,
    ordinal: view.ordinal,
    payload: [...view.payload()],
    attributes: names.map((name) => [name, view.attribute(name)]),
  }).toEqual({
    eventId: decoded.eventId,
    eventTypeKey: decoded.eventTypeKey,
    sourceWorkerId: decoded.sourceWorkerId,
    simulationId: decoded.simulationId,
    correlationId: decoded.correlationId,
    timestampIsAbsent: decoded.timestampNs === 0n,
    timestampIsNegative: decoded.timestampNs < 0n,
    ordinal: Number(decoded.ordinal),
    payload: [...decoded.eventPayload],
    attributes: names.map((name) => [name, Object.hasOwn(attributes, name) ? attributes[name] : undefined]),
  });
}

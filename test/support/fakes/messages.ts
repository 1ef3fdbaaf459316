import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';

type Events = ReturnType<typeof loadProtos>['tree']['fes']['common']['events'];
type Orchestration = ReturnType<typeof loadProtos>['tree']['fes']['orchestration']['v1'];

export type EnvelopeFields = Parameters<Events['GenericEventRequest']['serialize']>[0];
export type AckFields = Parameters<Orchestration['CommandAck']['serialize']>[0];

/** An event envelope as a worker encodes it. */
export function envelope(fields: EnvelopeFields): Buffer {
  return loadProtos().tree.fes.common.events.GenericEventRequest.serialize(fields);
}

export function readEnvelope(bytes: Uint8Array): ReturnType<Events['GenericEventRequest']['deserialize']> {
  return loadProtos().tree.fes.common.events.GenericEventRequest.deserialize(Buffer.from(bytes));
}

export function commandAck(fields: AckFields): Buffer {
  return loadProtos().tree.fes.orchestration.v1.CommandAck.serialize(fields);
}

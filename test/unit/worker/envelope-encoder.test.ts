import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { encodeBatch, encodeEnvelope } from '../../../src/worker/envelope-encoder.ts';

const { tree } = loadProtos();
const { GenericEventRequest } = tree.fes.common.events;
const { ReportEventBatchesRequest } = tree.fes.orchestration.v1;

const text = fc.oneof(fc.constant(''), fc.string({ unit: 'grapheme', maxLength: 200 }));
const fields = fc.record({
  eventId: text,
  key: text,
  payload: fc.uint8Array({ maxLength: 20_000 }),
  timestampNs: fc.bigInt(0n, 2n ** 63n - 1n),
  workerId: text,
  simulationId: text,
  contentType: text,
  correlationId: text,
  attributes: fc.dictionary(text, text, { maxKeys: 5 }),
  ordinal: fc.maxSafeNat(),
});

describe('an encoded envelope', () => {
  test('is read by another protobuf implementation as what was written', () => {
    fc.assert(
      fc.property(fields, (written) => {
        const read = GenericEventRequest.deserialize(encodeEnvelope(written));
        expect(read.eventId).toBe(written.eventId);
        expect(read.eventTypeKey).toBe(written.key);
        expect(new Uint8Array(read.eventPayload)).toEqual(new Uint8Array(written.payload));
        expect(BigInt(read.timestampNs)).toBe(written.timestampNs);
        expect(read.sourceWorkerId).toBe(written.workerId);
        expect(read.simulationId).toBe(written.simulationId);
        expect(read.payloadContentType).toBe(written.contentType);
        expect(read.correlationId).toBe(written.correlationId);
        expect(Object.entries(read.attributes)).toEqual(Object.entries(written.attributes));
        expect(read.ordinal).toBe(String(written.ordinal));
      }),
    );
  });

  test('comes unchanged out of a batch', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.array(fields, { maxLength: 20 }), (sequence, events) => {
        const envelopes = events.map(encodeEnvelope);
        const batch = ReportEventBatchesRequest.deserialize(encodeBatch(sequence, envelopes));
        expect(batch.sequence).toBe(String(sequence));
        expect(batch.events).toEqual(envelopes.map((bytes) => GenericEventRequest.deserialize(bytes)));
      }),
    );
  });
});

import fc from 'fast-check';
import type { MethodOf } from '../../support/daemon/calls.ts';
import { batch, envelope, field } from '../../support/daemon/envelopes.ts';

/** Bytes of all kinds: random ones, cut or changed messages, and messages whose fields are garbage. */
export const garbage = fc.oneof(
  fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)),
  fc.record({ at: fc.nat(), byte: fc.nat(255), cut: fc.nat() }).map(({ at, byte, cut }) => {
    const whole = batch(1, [envelope({ eventTypeKey: 'sim.a.v1', eventId: 'x', attributes: { agent_id: 'a' } })]);
    whole[at % whole.length] = byte;
    return whole.subarray(0, 1 + (cut % whole.length));
  }),
  fc
    .array(fc.record({ number: fc.integer({ min: 1, max: 20 }), bytes: fc.uint8Array({ maxLength: 40 }) }), {
      maxLength: 8,
    })
    .map((fields) => Buffer.concat(fields.map(({ number, bytes }) => field(number, bytes)))),
);

/** Statuses that say that the fault is ours. */
export const OURS: readonly string[] = ['INTERNAL', 'UNKNOWN', 'DATA_LOSS'];

export const raw = (method: { readonly path: string }): MethodOf<Buffer, Buffer> => ({
  path: method.path,
  requestSerialize: (bytes) => bytes,
  responseDeserialize: (bytes) => bytes,
});

import { expect, test } from 'vitest';
import { ACK, seen } from './seen-events.ts';

const LARGE = Buffer.alloc(50 * 1024 * 1024);

test('payloads beyond the budget are not kept, but their sizes, and every acknowledgement of a command', () => {
  const large = { eventPayload: LARGE };
  const ack = { ...ACK, eventPayload: Buffer.from('an acknowledgement') };
  const events = seen(large, large, ack);
  expect(events.map(({ envelope }) => envelope.eventPayload.length)).toEqual([LARGE.length, 0, 18]);
  expect(events.map(({ payloadBytes }) => payloadBytes)).toEqual([LARGE.length, LARGE.length, 18]);
});

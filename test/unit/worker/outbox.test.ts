import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { encodeBatch } from '../../../src/worker/envelope-encoder.ts';
import { type Batch, type BatchLimits, Outbox } from '../../../src/worker/outbox.ts';

const limits: BatchLimits = { maxBatchEvents: 3, maxBatchBytes: 100, maxInFlightBatches: 2 };

function outboxOf(count: number, bounds = { maxEvents: 1_000, maxBytes: 1_000_000 }): Outbox {
  const outbox = new Outbox(bounds);
  for (let ordinal = 1; ordinal <= count; ordinal++) outbox.add(Buffer.from(String(ordinal)), ordinal);
  return outbox;
}

function contents(batch: Batch | undefined): string[] | undefined {
  return batch?.envelopes.map((bytes) => Buffer.from(bytes).toString());
}

describe('the outbox', () => {
  test('makes batches in order, numbered from 1, until as many as allowed are in flight', () => {
    const outbox = outboxOf(8);
    const first = outbox.nextBatch(limits);
    const second = outbox.nextBatch(limits);
    expect([first?.sequence, contents(first)]).toEqual([1, ['1', '2', '3']]);
    expect([second?.sequence, contents(second)]).toEqual([2, ['4', '5', '6']]);
    expect(outbox.nextBatch(limits)).toBeUndefined();
    outbox.acknowledge(1);
    expect(contents(outbox.nextBatch(limits))).toEqual(['7', '8']);
  });

  test('starts over with all that was not acknowledged', () => {
    const outbox = outboxOf(8);
    outbox.nextBatch(limits);
    outbox.nextBatch(limits);
    outbox.acknowledge(1);
    outbox.restart();
    const again = outbox.nextBatch(limits);
    expect([again?.sequence, contents(again)]).toEqual([1, ['4', '5', '6']]);
  });

  test('does not send again what Shoal says it has dealt with, even if the acknowledgement was lost', () => {
    const outbox = outboxOf(8);
    outbox.nextBatch(limits);
    outbox.nextBatch(limits);
    outbox.restart();
    outbox.skipThrough(5);
    expect(contents(outbox.nextBatch(limits))).toEqual(['6', '7', '8']);
  });

  test('keeps what was never sent, whatever ordinal Shoal names', () => {
    const outbox = outboxOf(5);
    outbox.nextBatch(limits);
    outbox.restart();
    outbox.skipThrough(1_000);
    expect(contents(outbox.nextBatch(limits))).toEqual(['4', '5']);
  });

  test('sends an event that is over the limit by itself, for Shoal to reject', () => {
    const outbox = new Outbox({ maxEvents: 10, maxBytes: 1_000 });
    outbox.add(Buffer.alloc(10, 'a'), 1);
    outbox.add(Buffer.alloc(500, 'b'), 2);
    outbox.add(Buffer.alloc(10, 'c'), 3);
    expect(contents(outbox.nextBatch(limits))).toEqual(['a'.repeat(10)]);
    expect(contents(outbox.nextBatch(limits))).toEqual(['b'.repeat(500)]);
  });

  test('holds whoever waits for room until an acknowledgement makes some', async () => {
    const outbox = outboxOf(4, { maxEvents: 4, maxBytes: 1_000 });
    expect(outbox.hasRoom).toBe(false);
    outbox.nextBatch(limits);
    const room = outbox.room().then(() => 'room');
    expect(await Promise.race([room, Promise.resolve('none')])).toBe('none');
    outbox.acknowledge(1);
    expect(await room).toBe('room');
  });

  test('has no room either when its bytes are used up', () => {
    const outbox = outboxOf(0, { maxEvents: 100, maxBytes: 20 });
    outbox.add(Buffer.alloc(19), 1);
    expect(outbox.hasRoom).toBe(true);
    outbox.add(Buffer.alloc(1), 2);
    expect(outbox.hasRoom).toBe(false);
  });

  test('tells all who wait, now and later, when it is given up', async () => {
    const outbox = outboxOf(1, { maxEvents: 1, maxBytes: 1_000 });
    const room = outbox.room();
    const empty = outbox.empty();
    const error = new Error('lost');
    outbox.abandon(error);
    await expect(room).rejects.toBe(error);
    await expect(empty).rejects.toBe(error);
    await expect(outbox.room()).rejects.toBe(error);
  });

  /** Adds, sends, acknowledges part and breaks at random; the peer takes an event when it first sees its ordinal. */
  test('loses nothing and reorders nothing, whatever breaks when; batches keep every limit', () => {
    const steps = fc.array(
      fc.oneof(
        fc.record({ do: fc.constant('add' as const), size: fc.integer({ min: 1, max: 60 }) }),
        fc.record({ do: fc.constant('send' as const) }),
        fc.record({ do: fc.constant('acknowledge' as const), back: fc.nat(3) }),
        fc.record({ do: fc.constant('break' as const), tellsOrdinal: fc.boolean() }),
      ),
      { maxLength: 200 },
    );
    fc.assert(
      fc.property(steps, (script) => {
        const outbox = new Outbox({ maxEvents: 1_000, maxBytes: 1_000_000 });
        const taken: number[] = [];
        let added = 0;
        let sequence = 0;
        let acknowledged = 0;
        const send = () => {
          const batch = outbox.nextBatch(limits);
          if (batch === undefined) return false;
          expect(batch.sequence).toBe(sequence + 1);
          sequence = batch.sequence;
          expect(batch.envelopes.length).toBeLessThanOrEqual(limits.maxBatchEvents);
          expect(encodeBatch(sequence, batch.envelopes).length).toBeLessThanOrEqual(limits.maxBatchBytes);
          expect(sequence - acknowledged).toBeLessThanOrEqual(limits.maxInFlightBatches);
          for (const bytes of batch.envelopes) {
            const ordinal = Buffer.from(bytes).readUInt32BE();
            if (ordinal > taken.length) taken.push(ordinal);
          }
          return true;
        };
        for (const step of script) {
          if (step.do === 'add') {
            const bytes = Buffer.alloc(4 + step.size);
            bytes.writeUInt32BE(++added);
            outbox.add(bytes, added);
          } else if (step.do === 'send') send();
          else if (step.do === 'acknowledge') {
            acknowledged = Math.max(acknowledged, sequence - step.back);
            outbox.acknowledge(acknowledged);
          } else {
            outbox.restart();
            if (step.tellsOrdinal) outbox.skipThrough(taken.length);
            sequence = 0;
            acknowledged = 0;
          }
        }
        do {
          acknowledged = sequence;
          outbox.acknowledge(acknowledged);
        } while (send());
        expect(taken).toEqual(Array.from({ length: added }, (_, i) => i + 1));
        expect(outbox.size).toBe(0);
        expect(outbox.hasRoom).toBe(true);
      }),
    );
  });
});

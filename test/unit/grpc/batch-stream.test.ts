import { beforeEach, expect, test } from 'vitest';
import { BatchStream } from '../../../src/adapters/grpc/batch-stream.ts';
import type { ReportEventBatchesResponse } from '../../../src/adapters/grpc/generated/fes/orchestration/v1/ReportEventBatchesResponse.ts';
import type { Handled } from '../../../src/adapters/grpc/ordered-stream.ts';
import { batch } from '../../support/daemon/envelopes.ts';

/** Takes everything but what begins with `!`, which it rejects. */
class ScriptedIntake {
  readonly accepted: string[][] = [];
  readonly refused: string[][] = [];

  async accept(_worker: unknown, envelopes: readonly Uint8Array[]) {
    const texts = envelopes.map((bytes) => Buffer.from(bytes).toString());
    this.accepted.push(texts);
    const rejected = texts.flatMap((text, index) => (text.startsWith('!') ? [rejection(text, index)] : []));
    return { rejected, logged: 0, lastSequence: 0 };
  }

  async refuse(_worker: unknown, envelopes: readonly Uint8Array[]) {
    const texts = envelopes.map((bytes) => Buffer.from(bytes).toString());
    this.refused.push(texts);
    return texts.map(rejection);
  }
}

function rejection(text: string, index: number) {
  return { index, eventId: text, code: 'INVALID_ARGUMENT', message: 'as told', metadata: {} } as const;
}

let intake: ScriptedIntake;
let stream: BatchStream;

beforeEach(() => {
  intake = new ScriptedIntake();
  const limits = () => ({ maxBatchEvents: 3, maxBatchBytes: 1_000 });
  stream = new BatchStream({ intake, limits, source: { reporting: () => ({}) } } as never);
});

function messages(...batches: (readonly [sequence: number, ...events: string[]])[]): Buffer[] {
  return batches.map(([sequence, ...events]) =>
    batch(
      sequence,
      events.map((text) => Buffer.from(text)),
    ),
  );
}

async function answers(handled: Iterable<Handled<ReportEventBatchesResponse>>) {
  return await Promise.all([...handled].map(async ({ messages: count, answer }) => ({ count, ...(await answer) })));
}

test('batches that come together are taken as one, with one answer to all of them', async () => {
  expect(await answers(stream.take(messages([1, 'a', 'b'], [2], [3, 'c'])))).toEqual([
    { count: 3, sequence: 3, rejected: [] },
  ]);
  expect(intake.accepted).toEqual([['a', 'b', 'c']]);
  expect(await answers(stream.take(messages([4, 'd'])))).toEqual([{ count: 1, sequence: 4, rejected: [] }]);
});

test('a rejected event is named by its batch and its place in that', async () => {
  const [answer] = await answers(stream.take(messages([1, 'a', '!b'], [2], [3, '!c', 'd', '!e'])));
  expect(answer?.rejected?.map(({ batchSequence, index, eventId }) => [batchSequence, index, eventId])).toEqual([
    [1, 1, '!b'],
    [3, 0, '!c'],
    [3, 2, '!e'],
  ]);
});

test('a batch over a limit is refused by itself, in its place', async () => {
  const large = 'x'.repeat(1_001);
  const handled = await answers(
    stream.take(messages([1, 'a'], [2, 'b', 'c', 'd', 'e'], [3, 'f'], [4, large], [5, 'g'])),
  );
  expect(handled.map(({ count, sequence, rejected }) => [count, sequence, rejected?.length])).toEqual([
    [1, 1, 0],
    [1, 2, 4],
    [1, 3, 0],
    [1, 4, 1],
    [1, 5, 0],
  ]);
  expect([intake.accepted, intake.refused.map(({ length }) => length)]).toEqual([
    [['a'], ['f'], ['g']],
    [4, 1],
  ]);
});

test.each([
  ['a gap', [1, 'a'], [3, 'c'], /is 3, expected 2/],
  ['a repeat', [1, 'a'], [1, 'a'], /is 1, expected 2/],
] as const)('%s in the sequence is thrown behind what came before it', async (_what, first, second, message) => {
  const taken = stream.take(messages(first, second));
  const before = taken.next();
  expect(await before.value?.answer).toEqual({ sequence: 1, rejected: [] });
  expect(() => taken.next()).toThrow(message);
  expect(intake.accepted).toEqual([['a']]);
});

test('bytes that are no batch are thrown behind what came before them', () => {
  const taken = stream.take([...messages([1, 'a']), Buffer.from([0xff])]);
  expect(taken.next().value?.messages).toBe(1);
  expect(() => taken.next()).toThrow(/not a ReportEventBatchesRequest/);
});

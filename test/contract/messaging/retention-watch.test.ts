import { expect, test } from 'vitest';
import { RetentionWatch } from '../../../src/adapters/nats/retention-watch.ts';

const overtaken = expect.objectContaining({ code: 'CAPACITY_EXHAUSTED' });

test('messages that follow each other leave nothing to ask', () => {
  const watch = new RetentionWatch(0);
  expect([watch.came(1, 2), watch.came(2, 1), watch.came(3, 0)]).toEqual([false, false, false]);
});

test('a jump asks whether the stream still begins before it', () => {
  const watch = new RetentionWatch(10);
  expect(watch.came(15, 7)).toBe(true);
  expect(() => watch.demandKept(11)).not.toThrow();
  expect(() => watch.demandKept(12)).toThrow(overtaken);
  expect(() => watch.demandKept(12)).toThrow(expect.objectContaining({ metadata: { first_sequence: '12' } }));
  watch.clearTo(15);
  expect([watch.came(16, 6), watch.came(20, 5)]).toEqual([false, true]);
});

test('who was sent everything and asked for more ever since misses nothing, however far it jumps', () => {
  const watch = new RetentionWatch(0);
  watch.cameToEnd(1, 5);
  watch.waits();
  expect(watch.came(1_000, 0)).toBe(false);
  expect(watch.came(2_000, 3)).toBe(false);
  // There was more behind that one, and it had to wait.
  expect(watch.came(3_000, 2)).toBe(true);
});

test('who paused at the end is asked again', () => {
  const watch = new RetentionWatch(0);
  watch.cameToEnd(1, 5);
  watch.waits();
  watch.paused();
  expect(() => watch.cameToEnd(7, 9)).toThrow(overtaken);
  expect(() => watch.cameToEnd(6, 9)).not.toThrow();
  expect(() => watch.demandKept(10)).not.toThrow();
});

test('what was removed on purpose is no loss; what retention had taken before is', () => {
  const behind = new RetentionWatch(4);
  behind.excuse(5, 20);
  expect(() => behind.demandKept(20)).not.toThrow();
  expect(() => behind.demandKept(21)).toThrow(overtaken);
  const overtakenBefore = new RetentionWatch(4);
  overtakenBefore.excuse(6, 20);
  expect(() => overtakenBefore.demandKept(20)).toThrow(overtaken);
});

test('a reader that began at a time misses nothing before its first message', () => {
  const watch = new RetentionWatch();
  expect(() => watch.cameToEnd(50, 60)).not.toThrow();
  expect(watch.came(100, 1)).toBe(false);
  expect(watch.came(105, 0)).toBe(true);
});

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HeldAnswer } from '../../../src/adapters/grpc/held-answer.ts';

const LATEST_MS = 50;

describe('an answer that may wait', () => {
  let written: number[];
  let held: HeldAnswer<number>;

  beforeEach(() => {
    vi.useFakeTimers();
    written = [];
    held = new HeldAnswer(4, (answer) => written.push(answer));
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  function take(...answers: number[]): void {
    for (const answer of answers) held.take(answer, { messages: 1, mayWait: true });
  }

  test('goes at once when it is the first for a while', () => {
    take(1);
    vi.advanceTimersByTime(1_000);
    take(2);
    expect(written).toEqual([1, 2]);
  });

  test('goes with the one behind it in a course of them, and the last of them by itself, in bounded time', () => {
    take(1, 2, 3);
    expect(written).toEqual([1]);
    vi.advanceTimersByTime(LATEST_MS);
    expect(written).toEqual([1, 3]);
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual([1, 3]);
  });

  test('waits no longer for having been joined by others', () => {
    take(1, 2);
    vi.advanceTimersByTime(LATEST_MS - 1);
    take(3);
    vi.advanceTimersByTime(1);
    expect(written).toEqual([1, 3]);
  });

  test('goes before the other side waits for it', () => {
    take(1, 2, 3, 4, 5, 6, 7, 8, 9);
    expect(written).toEqual([1, 5, 9]);
  });

  test('is said by one that may not wait', () => {
    take(1, 2);
    held.take(3, { messages: 1, mayWait: false });
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual([1, 3]);
  });

  test('goes when the stream ends, and not when its peer has gone', () => {
    take(1, 2);
    held.release();
    take(3);
    held.drop();
    vi.advanceTimersByTime(1_000);
    expect(written).toEqual([1, 2]);
  });
});

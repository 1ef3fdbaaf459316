import { describe, expect, test } from 'vitest';
import { AsyncQueue } from '../../../src/worker/async-queue.ts';

describe('the queue of commands', () => {
  test('gives items in order, those before and those after the reader came, and ends after the last', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    const read: number[] = [];
    const reading = (async () => {
      for await (const item of queue) read.push(item);
    })();
    queue.push(2);
    await Promise.resolve();
    queue.push(3);
    queue.end();
    queue.push(4);
    await reading;
    expect(read).toEqual([1, 2, 3]);
  });

  test('fails after what was queued has been read', async () => {
    const queue = new AsyncQueue<number>();
    queue.push(1);
    queue.end(new Error('lost'));
    expect((await queue.next()).value).toBe(1);
    await expect(queue.next()).rejects.toThrow('lost');
  });

  test('keeps the rest for the next loop when one is left early', async () => {
    const queue = new AsyncQueue<number>();
    for (const item of [1, 2, 3]) queue.push(item);
    queue.end();
    for await (const item of queue) if (item === 1) break;
    const rest: number[] = [];
    for await (const item of queue) rest.push(item);
    expect(rest).toEqual([2, 3]);
  });
});

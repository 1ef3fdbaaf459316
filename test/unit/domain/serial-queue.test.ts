import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SerialQueue } from '../../../src/domain/serial-queue.ts';

describe('a serial queue', () => {
  test('runs the tasks of a key one by one in the order given, whenever they end and however', async () => {
    const task = fc.record({ key: fc.constantFrom('a', 'b', 'c'), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(task, { maxLength: 20 }), async (scheduler, tasks) => {
        const queue = new SerialQueue<string>();
        const running = new Map<string, number>();
        const finished = new Map<string, number[]>();
        const results = tasks.map(({ key, fails }, at) =>
          queue.run(key, async () => {
            expect(running.has(key)).toBe(false);
            running.set(key, at);
            await scheduler.schedule(Promise.resolve());
            running.delete(key);
            finished.set(key, [...(finished.get(key) ?? []), at]);
            if (fails) throw new Error(`task ${at}`);
            return at;
          }),
        );
        const settled = Promise.allSettled(results);
        await scheduler.waitFor(settled);
        const outcomes = (await settled).map((each) =>
          each.status === 'fulfilled' ? each.value : each.reason.message,
        );
        expect(outcomes).toEqual(tasks.map(({ fails }, at) => (fails ? `task ${at}` : at)));
        for (const key of ['a', 'b', 'c']) {
          const given = tasks.flatMap((each, at) => (each.key === key ? [at] : []));
          expect(finished.get(key) ?? []).toEqual(given);
        }
      }),
    );
  });

  test('does not let one key wait for another', async () => {
    const queue = new SerialQueue<string>();
    const never = queue.run('slow', () => new Promise<string>(() => {}));
    const first = await Promise.race([never, queue.run('quick', async () => 'quick')]);
    expect(first).toBe('quick');
  });

  test('turns a task that throws at once into a rejection, and goes on', async () => {
    const queue = new SerialQueue<string>();
    const failed = queue.run('a', () => {
      throw new Error('at once');
    });
    const next = queue.run('a', async () => 'next');
    await expect(failed).rejects.toThrow('at once');
    await expect(next).resolves.toBe('next');
  });
});

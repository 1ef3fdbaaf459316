import { describe, expect, test } from 'vitest';
import { SharedFlush } from '../../../src/adapters/nats/shared-flush.ts';

describe('a flush that is shared', () => {
  const done: string[] = [];
  const flush = (timeoutMs: number): Promise<boolean> => {
    done.push(`flush ${timeoutMs}`);
    return Promise.resolve(true);
  };

  test('comes once, behind all that is published in one go, within the longest of the times', async () => {
    done.length = 0;
    const shared = new SharedFlush({ flush });
    const publish = async (name: string, timeoutMs: number) => shared.behind(() => done.push(name), timeoutMs);
    expect(await Promise.all([publish('a', 10), publish('b', 30), publish('c', 20)])).toEqual([true, true, true]);
    expect(done).toEqual(['a', 'b', 'c', 'flush 30']);
    expect(await publish('d', 5)).toBe(true);
    expect(done.slice(4)).toEqual(['d', 'flush 5']);
  });

  test('tells the one whose publish throws, and nobody else', async () => {
    const shared = new SharedFlush({ flush });
    const publish = (): void => {
      throw new Error('too large');
    };
    const refused = shared.behind(publish, 10);
    const published = shared.behind(() => {}, 10);
    await expect(refused).rejects.toThrow('too large');
    expect(await published).toBe(true);
  });

  test('that fails fails for all', async () => {
    const shared = new SharedFlush({ flush: () => Promise.reject(new Error('no answer')) });
    const all = [shared.behind(() => {}, 10), shared.behind(() => {}, 10)];
    for (const each of all) await expect(each).rejects.toThrow('no answer');
  });
});

import { beforeEach, describe, expect, test, vi } from 'vitest';
import { InMemoryEventLog } from '../../../../src/adapters/memory/in-memory-event-log.ts';
import { LogSource } from '../../../../src/domain/subscription/log-source.ts';
import type { EventArchive } from '../../../../src/ports/event-archive.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { entry } from '../../../support/subscription/log-entry.ts';

describe('the log as a subscription reads it', () => {
  let log: InMemoryEventLog;
  let changes: number;

  beforeEach(() => {
    log = new InMemoryEventLog({ maxEntries: 1_000 });
    changes = 0;
  });

  const sourceOf = (archive: EventArchive = log) =>
    new LogSource(archive, {}, () => {
      changes += 1;
    });
  const append = (...ids: string[]) => log.append(ids.map((id) => entry('s1', id)));

  async function takeAll(source: LogSource): Promise<number[]> {
    const taken: number[] = [];
    for (;;) {
      source.ask();
      await settle();
      let next = source.peek();
      if (next === undefined) return taken;
      for (; next !== undefined; next = source.peek()) {
        taken.push(next.sequence);
        source.advance();
      }
    }
  }

  test('fetches a page only when asked to, and one at a time', async () => {
    await append('e1', 'e2');
    const source = sourceOf();
    await source.open('beginning');
    await settle();
    expect([source.peek(), changes]).toEqual([undefined, 0]);
    source.ask();
    source.ask();
    await settle();
    expect([source.peek()?.sequence, changes]).toEqual([1, 1]);
    expect(await takeAll(source)).toEqual([1, 2]);
  });

  test.each([
    ['now', []],
    ['beginning', [1, 2, 3]],
    [{ sequence: 2 }, [2, 3]],
  ] as const)('from %j', async (start, wanted) => {
    await append('e1', 'e2', 'e3');
    const source = sourceOf();
    await source.open(start);
    expect(await takeAll(source)).toEqual(wanted);
    await append('e4');
    expect(await takeAll(source)).toEqual([4]);
  });

  test('ends, once told to, behind what is in the log then: nothing is lost, nothing comes twice', async () => {
    await append('e1');
    const source = sourceOf();
    await source.open('now');
    // It waits; what it waits for comes together with the end.
    source.ask();
    await settle();
    const appended = append('e2', 'e3');
    await Promise.all([appended, source.drain()]);
    await append('e4');
    expect(await takeAll(source)).toEqual([2, 3]);
    expect(source.isAtEnd).toBe(true);
    source.ask();
    await settle();
    expect(source.peek()).toBeUndefined();
  });

  test('is at its end only when the last page has been taken', async () => {
    await append('e1');
    const source = sourceOf();
    await source.open('beginning');
    await source.drain();
    source.ask();
    await settle();
    expect(source.isAtEnd).toBe(false);
    source.advance();
    source.ask();
    await settle();
    expect(source.isAtEnd).toBe(true);
  });

  test('tells a failure once what came before it has been taken', async () => {
    await append('e1');
    const source = sourceOf();
    await source.open('beginning');
    source.ask();
    await settle();
    await log.stop();
    expect(source.peek()?.sequence).toBe(1);
    source.advance();
    source.ask();
    await settle();
    expect(() => source.peek()).toThrow(expect.objectContaining({ code: 'SHUTTING_DOWN' }));
  });

  test('closes its reader, and asks for nothing any more', async () => {
    const close = vi.fn(async () => {});
    const next = vi.fn(async () => new Promise<never>(() => {}));
    const source = sourceOf({ ...noArchive, open: async () => ({ next, close }) });
    await source.open('beginning');
    source.close();
    source.ask();
    expect([close.mock.calls.length, next.mock.calls.length]).toEqual([1, 0]);
  });

  test('closes a reader, too, that is opened anew when it is closed meanwhile, and does not ask it', async () => {
    const slow = Promise.withResolvers<void>();
    let reopening = false;
    let opened = 0;
    let closed = 0;
    let asked = 0;
    const source = sourceOf({
      ...noArchive,
      open: async (request) => {
        opened += 1;
        reopening = opened > 1;
        if (reopening) await slow.promise;
        const reader = await log.open(request);
        return {
          next: (options) => {
            asked += 1;
            return reader.next(options);
          },
          close: async () => {
            closed += 1;
            await reader.close();
          },
        };
      },
    });
    await source.open('now');
    source.ask();
    await settle();
    await source.drain();
    await settle();
    expect([reopening, closed, asked]).toEqual([true, 1, 1]);
    source.close();
    slow.resolve();
    await settle();
    expect([opened, closed, asked]).toEqual([2, 2, 1]);
  });
});

const noArchive: EventArchive = {
  open: () => Promise.reject(new Error('not to be asked')),
  lastSequence: async () => 0,
  holds: async () => false,
  remove: async () => {},
};

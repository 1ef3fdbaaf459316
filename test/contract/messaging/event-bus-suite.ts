import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { BusMessage, EventBus } from '../../../src/ports/event-bus.ts';
import type { RecordingLog } from './recording-log.ts';

export interface OpenBus {
  readonly bus: EventBus & { stop(): Promise<void> };
  readonly log: RecordingLog;
  close(): Promise<void>;
}

/** What every event bus promises. `open` gives one that is started, with subjects of its own. */
export function describeEventBus(name: string, open: () => Promise<OpenBus>): void {
  describe(name, () => {
    let opened: OpenBus;
    let bus: OpenBus['bus'];

    beforeEach(async () => {
      opened = await open();
      bus = opened.bus;
    });
    afterEach(() => opened.close());

    /** Subscribes and collects; `end` waits until a last message, sent by itself, has come. */
    async function collect(filter: string): Promise<{ seen: string[]; end(): Promise<string[]> }> {
      const seen: string[] = [];
      await bus.subscribe(filter, (message) => seen.push(`${message.subject}=${text(message)}`));
      return {
        seen,
        end: async () => {
          await settled(bus);
          return seen;
        },
      };
    }

    test('a message reaches every subscription that matches, with its subject and bytes', async () => {
      const exact = await collect('events.simulation.s1.world_state');
      const wide = await collect('events.simulation.>');
      await bus.publish([message('events.simulation.s1.world_state', 'a'), message('events.simulation.s2.x', 'b')]);
      expect(await exact.end()).toEqual(['events.simulation.s1.world_state=a']);
      expect(await wide.end()).toEqual(['events.simulation.s1.world_state=a', 'events.simulation.s2.x=b']);
    });

    test('bytes arrive as they are, empty ones too', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, at) => at);
      const seen: Uint8Array[] = [];
      await bus.subscribe('events.raw', (arrived) => seen.push(arrived.bytes));
      await bus.publish([
        { subject: 'events.raw', bytes },
        { subject: 'events.raw', bytes: new Uint8Array(0) },
      ]);
      await settled(bus);
      expect(seen.map((each) => [...each])).toEqual([[...bytes], []]);
    });

    test.each([
      ['events.*.a', ['events.x.a'], ['events.a', 'events.x.y.a', 'events.x.b']],
      ['events.>', ['events.a', 'events.a.b.c'], ['event.a', 'eventsa.b']],
      ['events.*.*', ['events.a.b'], ['events.a', 'events.a.b.c']],
      ['events.a', ['events.a'], ['events.a.b', 'events']],
      [
        'commands.simulation.*.agent.*.action',
        ['commands.simulation.s.agent.a.action'],
        ['commands.simulation.s.action'],
      ],
      ['>', ['events.a', 'x'], []],
    ])('the filter %s takes what it should', async (filter, matching, others) => {
      const subscription = await collect(filter);
      await bus.publish([...matching, ...others].map((subject) => message(subject, '1')));
      const seen = (await subscription.end()).filter((line) => !line.startsWith('settled.'));
      expect(seen).toEqual(matching.map((subject) => `${subject}=1`));
    });

    test('messages of one caller keep the order of its calls, awaited or not', async () => {
      const subscription = await collect('events.order.*');
      const calls = Array.from({ length: 500 }, (_, at) =>
        bus.publish([message(`events.order.${at % 7}`, `${at}a`), message(`events.order.${at % 3}`, `${at}b`)]),
      );
      await Promise.all(calls);
      const texts = (await subscription.end()).map((line) => line.split('=')[1]);
      expect(texts).toEqual(Array.from({ length: 500 }, (_, at) => [`${at}a`, `${at}b`]).flat());
    });

    test('a large batch arrives whole and in order', async () => {
      const subscription = await collect('events.large');
      const filler = 'x'.repeat(1_000);
      await bus.publish(Array.from({ length: 10_000 }, (_, at) => message('events.large', `${at} ${filler}`)));
      const numbers = (await subscription.end()).map((line) => Number(/=(\d+) /.exec(line)?.[1]));
      expect(numbers).toEqual(Array.from({ length: 10_000 }, (_, at) => at));
    });

    test('a subscriber that throws harms neither the others nor what comes later, and is logged once', async () => {
      await bus.subscribe('events.thrown', () => {
        throw new Error('subscriber failed');
      });
      const other = await collect('events.thrown');
      await bus.publish([message('events.thrown', '1'), message('events.thrown', '2')]);
      expect(await other.end()).toEqual(['events.thrown=1', 'events.thrown=2']);
      expect(opened.log.lines.filter(({ level }) => level === 'error')).toHaveLength(1);
    });

    test('nothing is delivered after unsubscribe, which may be called twice', async () => {
      const seen: string[] = [];
      const subscription = await bus.subscribe('events.left', (arrived) => seen.push(text(arrived)));
      await bus.publish([message('events.left', '1')]);
      await settled(bus);
      subscription.unsubscribe();
      subscription.unsubscribe();
      await bus.publish([message('events.left', '2')]);
      await settled(bus);
      expect(seen).toEqual(['1']);
    });

    test('a subscriber may unsubscribe and publish while a message is delivered', async () => {
      const other = await collect('events.reentrant.*');
      const subscription = await bus.subscribe('events.reentrant.first', () => {
        subscription.unsubscribe();
        void bus.publish([message('events.reentrant.second', '2')]);
      });
      await bus.publish([message('events.reentrant.first', '1'), message('events.reentrant.first', '1')]);
      await vi.waitUntil(() => other.seen.length === 3);
      expect([...other.seen].sort()).toEqual([
        'events.reentrant.first=1',
        'events.reentrant.first=1',
        'events.reentrant.second=2',
      ]);
    });

    test('of hundreds of subscriptions each gets its own', async () => {
      const all = await Promise.all(Array.from({ length: 300 }, (_, at) => collect(`events.simulation.s${at}.*`)));
      await bus.publish(all.map((_, at) => message(`events.simulation.s${at}.tick`, String(at))));
      await settled(bus);
      expect(all.map(({ seen }) => seen)).toEqual(all.map((_, at) => [`events.simulation.s${at}.tick=${at}`]));
    });

    test.each([
      ['an empty one', ''],
      ['an empty token', 'events..a'],
      ['a dot at the end', 'events.a.'],
      ['a wildcard', 'events.*'],
      ['the rest', 'events.>'],
      ['a space', 'events.a b'],
      ['a tab', 'events.a\tb'],
      ['a line break', 'events.a\r\nPUB events.injected 2\r\nhi'],
      ['a NUL', 'events.a\0b'],
      ['more than ASCII', 'events.fisch.ö'],
      ['an endless one', `events.${'x'.repeat(4_096)}`],
    ])('a subject with %s is refused, and so is its whole batch', async (_what, subject) => {
      const subscription = await collect('events.>');
      await expect(bus.publish([message('events.before', '1'), message(subject, '2')])).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
        metadata: { field: 'subject' },
      });
      expect(await subscription.end()).toEqual([]);
    });

    test.each(['', 'a..b', 'a b', 'a\r\nSUB x 1', '>.a', 'a.>.b', `a.${'x'.repeat(4_096)}`])(
      'the filter %.20j is refused',
      async (filter) => {
        await expect(bus.subscribe(filter, () => {})).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' });
      },
    );

    test('the longest subject that the contract allows is delivered', async () => {
      const key = Array.from({ length: 16 }, () => 'k'.repeat(64)).join('.');
      const subject = `events.simulation.${'s'.repeat(128)}.event.${key}`;
      const subscription = await collect('events.>');
      await bus.publish([message(subject, '1')]);
      expect(await subscription.end()).toEqual([`${subject}=1`]);
    });

    test('an empty batch is taken', async () => {
      await expect(bus.publish([])).resolves.toBeUndefined();
    });

    test('after stop, publish and subscribe reject with SHUTTING_DOWN, and stop may be called again', async () => {
      await bus.stop();
      await bus.stop();
      await expect(bus.publish([message('events.a', '1')])).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
      await expect(bus.subscribe('events.a', () => {})).rejects.toMatchObject({ code: 'SHUTTING_DOWN' });
    });
  });
}

export function message(subject: string, bytes: string): BusMessage {
  return { subject, bytes: Buffer.from(bytes) };
}

function text({ bytes }: BusMessage): string {
  return Buffer.from(bytes).toString();
}

let settledCount = 0;

/** Live messages of one connection keep their order: what was published before a message of ours has been delivered when that comes. */
async function settled(bus: EventBus): Promise<void> {
  settledCount += 1;
  const subject = `settled.${settledCount}`;
  const { promise, resolve } = Promise.withResolvers<void>();
  const subscription = await bus.subscribe(subject, () => resolve());
  await bus.publish([message(subject, '')]);
  await promise;
  subscription.unsubscribe();
}

import { beforeEach, describe, expect, test } from 'vitest';
import { LiveFeed } from '../../../../src/domain/ingest/live-feed.ts';
import type { WaitingEvent } from '../../../../src/domain/subscription/waiting-event.ts';
import { envelope } from '../../../support/fakes/messages.ts';
import { RecordingBus } from '../../../support/fakes/recording-bus.ts';
import { settle } from '../../../support/fakes/settle.ts';

describe('the live feed', () => {
  let bus: RecordingBus;
  let feed: LiveFeed;

  beforeEach(() => {
    bus = new RecordingBus();
    feed = new LiveFeed(bus, { isLogged: (_simulationId, key) => key === 'logged.v1' });
  });

  async function follow(wants: string = '') {
    const seen: string[] = [];
    const leave = await feed.subscribe(
      ({ simulationId }) => wants === '' || simulationId === wants,
      ({ subject }) => seen.push(subject),
    );
    return { seen, leave };
  }

  const publish = (subject: string, simulationId = 's1') =>
    bus.publish([{ subject, bytes: envelope({ simulationId }) }]);

  test('gives each subscriber what it wants, over one subscription', async () => {
    const all = await follow();
    const one = await follow('s2');
    await publish('events.a', 's1');
    await publish('events.b', 's2');
    await publish('orchestrator.worker_crash', 's2');
    expect([all.seen, one.seen, bus.subscriptions, feed.subscribers]).toEqual([
      ['events.a', 'events.b'],
      ['events.b'],
      1,
      2,
    ]);
  });

  test('copies the bytes once for all who want them: a view would keep the network buffer that they came in', async () => {
    const bytes = envelope({ simulationId: 's1', eventPayload: Buffer.from('p') });
    const seen: WaitingEvent[] = [];
    for (const wanted of [true, false, true])
      await feed.subscribe(
        () => wanted,
        (event) => seen.push(event),
      );
    await bus.publish([{ subject: 'events.a', bytes }]);
    const published = Buffer.from(bytes);
    bytes.fill(0);
    expect(seen).toHaveLength(2);
    expect(seen[0]).toBe(seen[1]);
    expect(Buffer.compare(seen[0]?.bytes ?? Buffer.alloc(0), published)).toBe(0);
  });

  test('leaves out what is logged: that comes from the log', async () => {
    const { seen } = await follow();
    const bytes = envelope({ simulationId: 's1', eventTypeKey: 'logged.v1' });
    await bus.publish([{ subject: 'events.a', bytes }]);
    await publish('events.b');
    expect(seen).toEqual(['events.b']);
  });

  test('passes over what is no envelope', async () => {
    const { seen } = await follow();
    await bus.publish([{ subject: 'events.a', bytes: Buffer.from([0xff]) }]);
    await publish('events.b');
    expect(seen).toEqual(['events.b']);
  });

  test('tells nobody who has left, and leaves the bus with the last', async () => {
    const first = await follow();
    const second = await follow();
    first.leave();
    first.leave();
    await publish('events.a');
    expect([first.seen, second.seen, bus.subscriptions]).toEqual([[], ['events.a'], 1]);
    second.leave();
    await settle();
    expect([bus.subscriptions, feed.subscribers]).toEqual([0, 0]);
    const third = await follow();
    await publish('events.b');
    expect([third.seen, bus.subscriptions]).toEqual([['events.b'], 1]);
  });

  test('gives an event once to whoever comes as the last one leaves', async () => {
    const first = await follow();
    first.leave();
    const seen: string[] = [];
    const coming = feed.subscribe(
      () => true,
      ({ subject }) => seen.push(subject),
    );
    const early = publish('events.early');
    await Promise.all([coming, early]);
    await publish('events.a');
    expect([seen.filter((subject) => subject === 'events.a'), bus.subscriptions]).toEqual([['events.a'], 1]);
    expect(seen.filter((subject) => subject === 'events.early')).toHaveLength(1);
  });

  test('subscribes once for many who come at once', async () => {
    await Promise.all(Array.from({ length: 10 }, () => follow()));
    expect([bus.subscriptions, feed.subscribers]).toEqual([1, 10]);
  });

  test('forgets subscribers whose subscription fails, and tries anew for the next', async () => {
    const { promise, reject } = Promise.withResolvers<void>();
    bus.subscribing = promise;
    const failing = Promise.allSettled([follow(), follow()]);
    reject(new Error('bus away'));
    bus.subscribing = undefined;
    const third = await failing.then(() => follow());
    expect((await failing).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await publish('events.a');
    expect([third.seen, bus.subscriptions, feed.subscribers]).toEqual([['events.a'], 1, 1]);
  });

  test('lets a subscriber that fails harm no other, and does not hide it', async () => {
    await feed.subscribe(
      () => true,
      () => {
        throw new Error('cannot write');
      },
    );
    await feed.subscribe(
      () => {
        throw new Error('bad filter');
      },
      () => {},
    );
    const { seen } = await follow();
    // The bus hears of it, and logs it.
    await expect(publish('events.a')).rejects.toThrow('cannot write');
    expect(seen).toEqual(['events.a']);
  });

  test('may be left by a subscriber while it is told', async () => {
    const seen: string[] = [];
    const leave = await feed.subscribe(
      () => true,
      ({ subject }) => {
        seen.push(subject);
        leave();
      },
    );
    const other = await follow();
    await publish('events.a');
    await publish('events.b');
    expect([seen, other.seen]).toEqual([['events.a'], ['events.a', 'events.b']]);
  });
});

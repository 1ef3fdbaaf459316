import { beforeEach, describe, expect, test } from 'vitest';
import { InMemoryEventBus } from '../../../../src/adapters/memory/in-memory-event-bus.ts';
import { InMemoryEventLog } from '../../../../src/adapters/memory/in-memory-event-log.ts';
import type { Resource } from '../../../../src/ports/authorizer.ts';
import type { EventArchive, LogReader } from '../../../../src/ports/event-archive.ts';
import { RecordingLog } from '../../../support/daemon/recording-log.ts';
import { FakeClock } from '../../../support/fakes/fake-clock.ts';
import { fakeWorkerType } from '../../../support/fakes/fake-worker-type.ts';
import { envelope, readEnvelope } from '../../../support/fakes/messages.ts';
import { settle } from '../../../support/fakes/settle.ts';
import { EventWorld } from '../../../support/subscription/event-world.ts';
import { Reader, type SubscribedEvent } from '../../../support/subscription/reader.ts';

const QUIET = 'sim.quiet.v1';
const types = [
  fakeWorkerType('fish', {
    events: [
      { key: QUIET, log: false },
      { key: 'fish.bubble', subject: 'events.{zone}.b' },
    ],
  }),
];

describe('a subscription', () => {
  let log: InMemoryEventLog;
  let clock: FakeClock;
  let world: EventWorld;

  beforeEach(async () => {
    log = new InMemoryEventLog({ maxEntries: 500 });
    clock = new FakeClock();
    world = new EventWorld({ bus: new InMemoryEventBus(new RecordingLog()), log, archive: log, types, clock });
    await world.begin('s1', 'fish', { owner: 'me' });
  });

  const subscribe = (...args: DropFirst<ConstructorParameters<typeof Reader>>) =>
    new Reader(world.subscriptions, ...args);
  const report = (ids: readonly string[], eventTypeKey = 'sim.a.v1', attributes = {}) =>
    world.report(
      's1',
      ids.map((eventId) => envelope({ eventId, eventTypeKey, attributes })),
    );
  const idsOf = (events: readonly SubscribedEvent[]) => events.map(({ bytes }) => readEnvelope(bytes).eventId);

  test('tells the subject that an event of the log was published to', async () => {
    await report(['1'], 'sim.world_state.v1');
    await report(['2'], 'fish.bubble', { zone: 'deep' });
    const reader = subscribe({ start: 'beginning', follow: false });
    expect(await reader.ended).toBeUndefined();
    expect(reader.events.map(({ subject, logSequence }) => [subject, logSequence])).toEqual([
      ['events.simulation.s1.world_state', 1],
      ['events.deep.b', 2],
    ]);
  });

  test('has nothing of a simulation that its caller may not read, logged or live', async () => {
    const permits = (_context: unknown, _action: unknown, { labels }: Resource) => labels['owner'] === 'me';
    const authorizer = { demand: () => {}, permits };
    world = new EventWorld({
      bus: new InMemoryEventBus(new RecordingLog()),
      log,
      archive: log,
      types,
      clock,
      authorizer,
    });
    await world.begin('s1', 'fish', { owner: 'me' });
    await world.begin('s2', 'fish', { owner: 'somebody' });
    const reader = subscribe({ start: 'beginning' });
    await settle();
    for (const [id, of] of [
      ['1', 's1'],
      ['2', 's2'],
    ] as const) {
      await world.report(of, [envelope({ eventId: id, eventTypeKey: 'sim.a.v1' })]);
      await world.report(of, [envelope({ eventId: `${id}q`, eventTypeKey: QUIET })]);
    }
    await settle();
    expect(idsOf(reader.events).toSorted()).toEqual(['1', '1q']);
  });

  test('tells the built-in subject where the simulation is not known, and none where it cannot be told', async () => {
    await world.begin('s2', 'fish');
    await report(['1'], 'fish.bubble', { zone: 'deep' });
    const bytes = envelope({ simulationId: 'gone', eventId: 'x', eventTypeKey: 'sim.agent_reward.v1' });
    const known = envelope({ simulationId: 's1', eventId: 'y', eventTypeKey: 'fish.bubble' });
    await log.append([
      { simulationId: 'gone' as never, eventTypeKey: 'sim.b.v1' as never, eventId: 'x', bytes },
      { simulationId: 'gone' as never, eventTypeKey: 'sim.agent_reward.v1' as never, eventId: 'z', bytes },
      { simulationId: 's1' as never, eventTypeKey: 'fish.bubble' as never, eventId: 'y', bytes: known },
    ]);
    const reader = subscribe({ start: { sequence: 2 }, follow: false });
    await reader.ended;
    expect(reader.events.map(({ subject }) => subject)).toEqual(['events.simulation.gone.b', '', '']);
  });

  test('of a simulation ends behind its last event, when everything has been read', async () => {
    const reader = subscribe({ simulationId: 's1', start: 'beginning' }, () => 1);
    await reader.live;
    reader.stall();
    await report(['1', '2', '3']);
    await report(['q1', 'q2'], QUIET);
    await world.end('s1');
    await settle();
    expect(reader.events).toHaveLength(1);
    reader.resume();
    expect(await reader.ended).toBeUndefined();
    expect(new Set(idsOf(reader.events))).toEqual(new Set(['1', '2', '3', 'q1', 'q2']));
    expect(world.feed.subscribers).toBe(0);
  });

  test('of several simulations ends with the last of them; of all it does not end', async () => {
    await world.begin('s2', 'fish');
    const named = subscribe({ simulationIds: ['s1', 's2'] });
    const all = subscribe();
    await Promise.all([named.live, all.live]);
    await world.end('s2');
    await report(['1']);
    await world.end('s1');
    expect(await named.ended).toBeUndefined();
    expect(idsOf(named.events)).toEqual(['1']);
    await world.begin('s3', 'fish');
    await world.report('s3', [envelope({ eventId: '2', eventTypeKey: 'sim.a.v1' })]);
    await settle();
    expect(idsOf(all.events)).toEqual(['1', '2']);
    await all.leave();
  });

  test('does not end before what was accepted is logged', async () => {
    const slow = Promise.withResolvers<void>();
    const slowLog = {
      durability: 'memory' as const,
      append: async (batch: Parameters<InMemoryEventLog['append']>[0]) => {
        await slow.promise;
        return log.append(batch);
      },
    };
    const bus = new InMemoryEventBus(new RecordingLog());
    world = new EventWorld({ bus, log: slowLog, archive: log, types, clock });
    await world.begin('s1', 'fish');
    const reader = subscribe({ simulationId: 's1' });
    await reader.live;
    const reported = report(['last']);
    await world.end('s1');
    await settle();
    slow.resolve();
    await reported;
    expect(await reader.ended).toBeUndefined();
    expect(idsOf(reader.events)).toEqual(['last']);
  });

  test('leaves nothing behind when its reader goes', async () => {
    const reader = subscribe();
    await reader.live;
    expect(world.feed.subscribers).toBe(1);
    await reader.leave();
    expect(await reader.ended).toMatchObject({ message: 'the reader has left' });
    expect(world.feed.subscribers).toBe(0);
    await report(['1']);
    expect(reader.events).toEqual([]);
  });

  test('ends with what the log says: retention has overtaken its reader', async () => {
    const reader = subscribe({ start: 'beginning' }, () => 1);
    await reader.live;
    reader.stall();
    for (let at = 0; at < 20; at += 1) await report(Array.from({ length: 100 }, (_, n) => `e${at * 100 + n}`));
    reader.resume();
    expect(await reader.ended).toMatchObject({
      code: 'CAPACITY_EXHAUSTED',
      message: expect.stringContaining('retention'),
    });
    const ids = idsOf(reader.events);
    expect(ids).toEqual(ids.map((_, at) => `e${at}`));
  });

  test('with a rate sends the latest of each key when it is due, logged or not', async () => {
    const reader = subscribe({ maxRateHz: 2 });
    await reader.live;
    for (const [key, name] of [
      ['sim.a.v1', 'a'],
      [QUIET, 'q'],
    ] as const) {
      await report([`${name}1`], key);
      await settle();
      await report([`${name}2`, `${name}3`], key);
      await settle();
    }
    expect(idsOf(reader.events)).toEqual(['a1', 'q1']);
    await clock.advance(499);
    await settle();
    expect(reader.events).toHaveLength(2);
    await clock.advance(1);
    await settle();
    expect(idsOf(reader.events).slice(2).sort()).toEqual(['a3', 'q3']);
    await reader.leave();
  });

  test.each([{ latestOnly: true }, {}])('with %j does nothing for a reader that does not read', async (more) => {
    let pages = 0;
    const archive: EventArchive = {
      open: async (request) => {
        const reader = await log.open(request);
        const next: LogReader['next'] = (options) => {
          pages += 1;
          return reader.next(options);
        };
        return { next, close: () => reader.close() };
      },
      lastSequence: () => log.lastSequence(),
      holds: (id) => log.holds(id),
      remove: (id) => log.remove(id),
    };
    world = new EventWorld({ bus: new InMemoryEventBus(new RecordingLog()), log, archive, types, clock });
    await world.begin('s1', 'fish');
    const reader = subscribe({ start: 'beginning', ...more }, () => 1);
    await reader.live;
    reader.stall();
    await report(['first']);
    await settle();
    const before = pages;
    for (let at = 0; at < 5; at += 1) await report([`e${at}`]);
    await settle();
    expect([reader.events.length, pages - before]).toEqual([1, 0]);
    reader.resume();
    while (reader.events.length < 2) await settle();
    expect(pages).toBeGreaterThan(before);
    await reader.leave();
  });
});

type DropFirst<Items extends unknown[]> = Items extends [unknown, ...infer Rest] ? Rest : never;

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatestBacklog } from '../../../../src/domain/subscription/latest-backlog.ts';
import { waitingEvent } from '../../../support/subscription/waiting-event.ts';

const BOUNDS = { maxEvents: 4, maxBytes: 100 };
const WIDE = { maxEvents: 1_000, maxBytes: 1_000_000 };

const event = (lane: string, id: string, logSequence = 0) =>
  waitingEvent({ id, eventTypeKey: lane, logSequence, size: 10 });

function takeAll(backlog: LatestBacklog, nowMs = 0): string[] {
  const taken: string[] = [];
  for (let next = backlog.take(nowMs); next !== undefined; next = backlog.take(nowMs)) taken.push(next.subject);
  return taken;
}

test('of what waits only the latest of each key and simulation is sent, in the order in which they came first', () => {
  const backlog = new LatestBacklog(0, 'DROP_OLDEST', WIDE);
  backlog.offerLive(event('a', 'a1'));
  backlog.offerLogged(event('b', 'b1', 1));
  backlog.offerLive(event('a', 'a2'));
  backlog.offerLive(waitingEvent({ id: 'other', eventTypeKey: 'a', simulationId: 's2' }));
  backlog.offerLogged(event('b', 'b2', 2));
  expect(takeAll(backlog)).toEqual(['a2', 'b2', 'other']);
  expect([backlog.isEmpty, backlog.dropped, backlog.dueAtMs]).toEqual([true, 0, undefined]);
});

test('with a rate the next of a key is held back until it is due, and then is the latest', () => {
  const backlog = new LatestBacklog(100, 'DROP_OLDEST', WIDE);
  backlog.offerLive(event('a', 'a1'));
  expect(takeAll(backlog, 0)).toEqual(['a1']);
  backlog.offerLive(event('a', 'a2'));
  backlog.offerLive(event('b', 'b1'));
  expect(takeAll(backlog, 40)).toEqual(['b1']);
  backlog.offerLive(event('a', 'a3'));
  expect([takeAll(backlog, 99), backlog.dueAtMs]).toEqual([[], 100]);
  expect([takeAll(backlog, 100), backlog.dueAtMs]).toEqual([['a3'], undefined]);
});

test('what is released is held back no longer', () => {
  const backlog = new LatestBacklog(1_000, 'DROP_OLDEST', WIDE);
  backlog.offerLive(event('a', 'a1'));
  expect(takeAll(backlog, 0)).toEqual(['a1']);
  backlog.offerLive(event('a', 'a2'));
  backlog.release();
  expect([takeAll(backlog, 1), backlog.isEmpty]).toEqual([['a2'], true]);
});

test('more keys than the bound: logged ones are not taken, live ones push the oldest out and are counted', () => {
  const backlog = new LatestBacklog(0, 'DROP_OLDEST', BOUNDS);
  for (const lane of ['a', 'b', 'c', 'd']) backlog.offerLive(event(lane, `${lane}1`));
  expect(backlog.offerLogged(event('e', 'e1', 1))).toBe(false);
  expect(backlog.offerLogged(event('d', 'd2', 2))).toBe(true);
  backlog.offerLive(event('f', 'f1'));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['b1', 'c1', 'd2', 'f1'], 1]);
});

test('too many live events push out no event of the log', () => {
  const backlog = new LatestBacklog(0, 'DROP_OLDEST', BOUNDS);
  for (const [at, lane] of ['a', 'b', 'c'].entries()) backlog.offerLogged(event(lane, `${lane}1`, at + 1));
  backlog.offerLive(event('x', 'x1'));
  backlog.offerLive(event('y', 'y1'));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['a1', 'b1', 'c1', 'y1'], 1]);
});

test('a live event that finds nothing but events of the log is dropped itself, and counted', () => {
  const backlog = new LatestBacklog(0, 'DROP_OLDEST', BOUNDS);
  for (const [at, lane] of ['a', 'b', 'c', 'd'].entries()) backlog.offerLogged(event(lane, `${lane}1`, at + 1));
  backlog.offerLive(event('x', 'x1'));
  backlog.offerLive(event('y', 'y1'));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['a1', 'b1', 'c1', 'd1'], 2]);
  backlog.offerLive(event('x', 'x2'));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['x2'], 2]);
});

test('an event of the log is not pushed out of a key that rests either', () => {
  const backlog = new LatestBacklog(100, 'DROP_OLDEST', { maxEvents: 1, maxBytes: 100 });
  backlog.offerLogged(event('a', 'a1', 1));
  expect(takeAll(backlog, 0)).toEqual(['a1']);
  backlog.offerLogged(event('a', 'a2', 2));
  backlog.offerLive(event('x', 'x1'));
  expect([takeAll(backlog, 100), backlog.dropped]).toEqual([['a2'], 1]);
});

test('the live event dropped first is the one that came first', () => {
  const backlog = new LatestBacklog(0, 'DROP_OLDEST', BOUNDS);
  for (const lane of ['a', 'b', 'c', 'd']) backlog.offerLive(event(lane, `${lane}1`));
  backlog.offerLive(event('a', 'a2'));
  backlog.offerLive(event('e', 'e1'));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['a2', 'c1', 'd1', 'e1'], 1]);
});

test.each(['BLOCK', 'DISCONNECT'] as const)('more keys than the bound are an error with %s', (policy) => {
  const backlog = new LatestBacklog(0, policy, BOUNDS);
  for (const lane of ['a', 'b', 'c', 'd']) backlog.offerLive(event(lane, lane));
  backlog.offerLive(event('a', 'again'));
  expect(() => backlog.offerLive(event('e', 'e'))).toThrow(/reads too slowly/);
});

test('however events come: no key too often, nothing stale, the last of each key in the end', () => {
  const step = fc.record({
    lane: fc.constantFrom('a', 'b', 'c'),
    waitMs: fc.nat({ max: 60 }),
    take: fc.boolean(),
    logged: fc.boolean(),
  });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 100 }), fc.array(step, { maxLength: 120 }), (intervalMs, steps) => {
      const backlog = new LatestBacklog(intervalMs, 'DROP_OLDEST', WIDE);
      const latest = new Map<string, string>();
      const sentAtMs = new Map<string, number>();
      const last = new Map<string, string>();
      let nowMs = 0;
      const take = (): void => {
        for (let next = backlog.take(nowMs); next !== undefined; next = backlog.take(nowMs)) {
          const { eventTypeKey: lane, subject } = next;
          expect(subject).toBe(latest.get(lane));
          expect(last.get(lane)).not.toBe(subject);
          expect(nowMs - (sentAtMs.get(lane) ?? Number.NEGATIVE_INFINITY)).toBeGreaterThanOrEqual(intervalMs);
          sentAtMs.set(lane, nowMs);
          last.set(lane, subject);
        }
      };
      for (const [at, { lane, waitMs, take: takes, logged }] of steps.entries()) {
        nowMs += waitMs;
        latest.set(lane, `e${at}`);
        if (logged) expect(backlog.offerLogged(event(lane, `e${at}`, at + 1))).toBe(true);
        else backlog.offerLive(event(lane, `e${at}`));
        if (takes) take();
      }
      take();
      // Whoever waits until it is due gets everything.
      for (let dueAtMs = backlog.dueAtMs; dueAtMs !== undefined; dueAtMs = backlog.dueAtMs) {
        nowMs = Math.max(nowMs, dueAtMs);
        take();
      }
      expect(last).toEqual(latest);
      expect([backlog.isEmpty, backlog.dropped]).toEqual([true, 0]);
    }),
  );
});

test('keys that rest are bounded too', () => {
  const backlog = new LatestBacklog(1e9, 'DROP_OLDEST', BOUNDS);
  for (let at = 0; at < 100; at += 1) {
    backlog.offerLive(event(`lane-${at}`, `e${at}`));
    expect(takeAll(backlog, 0)).toEqual([`e${at}`]);
  }
  backlog.offerLive(event('lane-99', 'held'));
  backlog.offerLive(event('lane-0', 'forgotten, so early'));
  expect(takeAll(backlog, 1)).toEqual(['forgotten, so early']);
});

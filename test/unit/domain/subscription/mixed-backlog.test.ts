import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LatestBacklog } from '../../../../src/domain/subscription/latest-backlog.ts';
import { MixedBacklog } from '../../../../src/domain/subscription/mixed-backlog.ts';
import { WholeBacklog } from '../../../../src/domain/subscription/whole-backlog.ts';
import { waitingEvent } from '../../../support/subscription/waiting-event.ts';

const BOUNDS = { maxEvents: 4, maxBytes: 1_000_000 };
const WIDE = { maxEvents: 10_000, maxBytes: 100_000_000 };

const event = (eventTypeKey: string, id: string, logSequence = 0) => waitingEvent({ id, eventTypeKey, logSequence });

function takeAll(backlog: MixedBacklog, nowMs = 0): string[] {
  const taken: string[] = [];
  for (let next = backlog.take(nowMs); next !== undefined; next = backlog.take(nowMs)) taken.push(next.subject);
  return taken;
}

function mixed(bounds = WIDE) {
  return new MixedBacklog(
    [
      { eventTypeKeys: ['score', 'end.*'], backlog: new WholeBacklog('DROP_OLDEST', bounds) },
      { eventTypeKeys: ['pose'], backlog: new LatestBacklog(100, 'DROP_OLDEST', bounds) },
    ],
    new LatestBacklog(0, 'DROP_OLDEST', bounds),
  );
}

test('each event gets the quality of the first that names its key, or that of all the rest', () => {
  const backlog = mixed();
  for (const id of ['1', '2', '3'])
    for (const key of ['score', 'pose', 'other']) backlog.offerLive(event(key, key + id));
  expect(takeAll(backlog, 0).sort()).toEqual(['other3', 'pose3', 'score1', 'score2', 'score3']);
  backlog.offerLive(event('pose', 'pose4'));
  backlog.offerLive(event('end.of.x', 'rest'));
  backlog.offerLive(event('end.x', 'end'));
  expect([takeAll(backlog, 50).sort(), backlog.dueAtMs, backlog.isEmpty]).toEqual([['end', 'rest'], 100, false]);
  expect([takeAll(backlog, 100), backlog.dueAtMs, backlog.isEmpty]).toEqual([['pose4'], undefined, true]);
});

test('what is released is held back by none', () => {
  const backlog = mixed();
  backlog.offerLive(event('pose', 'pose1'));
  takeAll(backlog, 0);
  backlog.offerLive(event('pose', 'pose2'));
  backlog.release();
  expect([takeAll(backlog, 1), backlog.isEmpty]).toEqual([['pose2'], true]);
});

test('one that floods takes no turn from the others', () => {
  const backlog = mixed();
  for (let at = 0; at < 100; at += 1) backlog.offerLive(event('score', `score${at}`));
  backlog.offerLive(event('other', 'other'));
  expect([backlog.take(0), backlog.take(0), backlog.take(0)].map((taken) => taken?.subject)).toContain('other');
});

test('what is lossless is taken or counted as dropped, in its order, whatever else comes', () => {
  const offer = fc.record({ key: fc.constantFrom('score', 'pose', 'other'), takes: fc.nat(3), logged: fc.boolean() });
  fc.assert(
    fc.property(fc.array(offer, { maxLength: 200 }), (offers) => {
      const backlog = mixed(BOUNDS);
      const lossless: number[] = [];
      let offered = 0;
      const note = (subject: string | undefined): void => {
        if (subject?.startsWith('score')) lossless.push(Number(subject.slice('score'.length)));
      };
      for (const [at, { key, takes, logged }] of offers.entries()) {
        if (logged && key === 'score') {
          if (backlog.offerLogged(event(key, `logged${at}`, at + 1))) continue;
        } else {
          if (key === 'score') offered += 1;
          backlog.offerLive(event(key, `${key}${at}`));
        }
        for (let taken = 0; taken < takes; taken += 1) note(backlog.take(at * 10)?.subject);
      }
      backlog.release();
      for (const subject of takeAll(backlog, 1e9)) note(subject);
      expect(lossless).toEqual([...lossless].sort((a, b) => a - b));
      // Two keys fit into the bounds of those that keep only the latest: only the lossless one overflows.
      expect(lossless.length + backlog.dropped).toBe(offered);
    }),
  );
});

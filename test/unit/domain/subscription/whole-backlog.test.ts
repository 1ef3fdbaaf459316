import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { OverflowPolicy } from '../../../../src/domain/subscription/subscription-plan.ts';
import { WholeBacklog } from '../../../../src/domain/subscription/whole-backlog.ts';
import { waitingEvent } from '../../../support/subscription/waiting-event.ts';

const BOUNDS = { maxEvents: 5, maxBytes: 100 };

const live = (id: string, size = 10) => waitingEvent({ id, size });
const logged = (logSequence: number) => waitingEvent({ logSequence });

function takeAll(backlog: WholeBacklog): string[] {
  const taken: string[] = [];
  for (let event = backlog.take(); event !== undefined; event = backlog.take()) taken.push(event.subject);
  return taken;
}

test('live events and those of the log are taken in turns', () => {
  const backlog = new WholeBacklog('DROP_OLDEST', BOUNDS);
  for (const id of ['a', 'b', 'c']) backlog.offerLive(live(id));
  const taken: string[] = [];
  for (let sequence = 1; sequence <= 3; sequence += 1) {
    expect(backlog.offerLogged(logged(sequence))).toBe(true);
    expect(backlog.offerLogged(logged(99))).toBe(false);
    for (let at = 0; at < 2; at += 1) taken.push(backlog.take()?.subject ?? '');
  }
  expect(taken).toEqual(['logged-1', 'a', 'logged-2', 'b', 'logged-3', 'c']);
  expect(backlog.isEmpty).toBe(true);
});

test('one event larger than the bound waits alone', () => {
  const backlog = new WholeBacklog('DROP_OLDEST', BOUNDS);
  backlog.offerLive(live('small'));
  backlog.offerLive(live('large', 1_000));
  expect([takeAll(backlog), backlog.dropped]).toEqual([['large'], 1]);
});

test.each(['BLOCK', 'DISCONNECT'] as const)(
  '%s drops nothing: too many are an error that says what to do',
  (policy) => {
    const backlog = new WholeBacklog(policy, BOUNDS);
    for (const id of ['1', '2', '3', '4', '5']) backlog.offerLive(live(id));
    expect(() => backlog.offerLive(live('6'))).toThrow(/reads too slowly: 5 events .* overflow is .*from_sequence/);
    expect([takeAll(backlog), backlog.dropped]).toEqual([['1', '2', '3', '4', '5'], 0]);
  },
);

test('whatever comes and goes, what was offered is what was taken, what waits and what was dropped, in order', () => {
  const step = fc.oneof(
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('live' as const), size: fc.nat({ max: 40 }) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('logged' as const), size: fc.constant(1) }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('take' as const), size: fc.constant(0) }) },
  );
  const policy = fc.constantFrom<OverflowPolicy>('DROP_OLDEST', 'BLOCK', 'DISCONNECT');
  fc.assert(
    fc.property(policy, fc.array(step, { maxLength: 100 }), (chosen, steps) => {
      const backlog = new WholeBacklog(chosen, BOUNDS);
      const waiting: { id: string; size: number }[] = [];
      const offered = { live: 0, logged: 0, refused: 0 };
      const taken = { live: [] as number[], logged: [] as number[] };
      const take = (): void => {
        const event = backlog.take();
        if (event === undefined) return;
        if (event.logSequence > 0) taken.logged.push(event.logSequence);
        else {
          taken.live.push(Number(event.subject));
          waiting.splice(0, waiting.findIndex(({ id }) => id === event.subject) + 1);
        }
      };
      for (const { kind, size } of steps) {
        if (kind === 'take') take();
        else if (kind === 'logged') offered.logged += backlog.offerLogged(logged(offered.logged + 1)) ? 1 : 0;
        else {
          try {
            backlog.offerLive(live(String(offered.live), size));
            waiting.push({ id: String(offered.live), size });
          } catch {
            offered.refused += 1;
          }
          offered.live += 1;
        }
      }
      const droppedBefore = backlog.dropped;
      const left = takeAll(backlog);
      for (const subject of left) {
        if (subject.startsWith('logged-')) taken.logged.push(Number(subject.slice(7)));
        else taken.live.push(Number(subject));
      }
      expect(backlog.dropped).toBe(droppedBefore);
      expect(left.length).toBeLessThanOrEqual(BOUNDS.maxEvents + 1);
      expect(taken.logged).toEqual(Array.from({ length: offered.logged }, (_, at) => at + 1));
      expect(taken.live).toEqual([...taken.live].sort((a, b) => a - b));
      expect(taken.live.length + backlog.dropped + offered.refused).toBe(offered.live);
      if (chosen === 'DROP_OLDEST') expect(offered.refused).toBe(0);
      else expect(backlog.dropped).toBe(0);
    }),
  );
});

import { expect, test } from 'vitest';
import { firstRepeated, ordinalGap, tickGap, withoutRepeats } from '../../../src/conformance/order.ts';
import { ACK, seen } from './seen-events.ts';

function ordinals(...given: readonly (number | readonly ['ack', number])[]) {
  return seen(
    ...given.map((each) => (typeof each === 'number' ? { ordinal: `${each}` } : { ...ACK, ordinal: `${each[1]}` })),
  );
}

test('ordinals rise by one, from wherever they begin', () => {
  expect(ordinalGap(ordinals(5, 6, 7))).toBeUndefined();
  expect(ordinalGap(ordinals(5, 6, 8))).toBe('ordinal 6, then 8');
  expect(ordinalGap(ordinals(5, 6, 6))).toBe('ordinal 6, then 6');
});

test('acknowledgements of commands may count or not, and events may have no ordinals', () => {
  expect(ordinalGap(ordinals(1, ['ack', 2], 3))).toBeUndefined();
  expect(ordinalGap(ordinals(1, ['ack', 900], 2))).toBeUndefined();
  expect(ordinalGap(ordinals(1, ['ack', 0], 2))).toBeUndefined();
  expect(ordinalGap(ordinals(0, 0, 0))).toBeUndefined();
  expect(ordinalGap(ordinals(1, ['ack', 2], 4))).toBe('ordinal 2, then 4');
});

test('ordinals are those of a stream', () => {
  const [first, second] = ordinals(5, 9);
  if (first === undefined || second === undefined) throw new Error('there are two events');
  expect(ordinalGap([first, second])).toBe('ordinal 5, then 9');
  expect(ordinalGap([first, { ...second, stream: 2 }])).toBeUndefined();
});

test('a tick of which nothing came is missing; events without a tick are not asked', () => {
  const ticks = (...given: readonly string[]) =>
    seen(...given.map((tick) => ({ attributes: tick === '' ? {} : { tick } })));
  expect(tickGap(ticks('3', '', '3', '5', '4'))).toBeUndefined();
  expect(tickGap(ticks('3', '4', '6'))).toBe('events of tick 4, then of tick 6');
  expect(tickGap(ticks('', 'soon', ''))).toBeUndefined();
  expect(tickGap(ticks('3', '', '6'))).toBeUndefined();
});

test('what came again is found by its id, and left out', () => {
  const events = seen({ eventId: 'a' }, { eventId: 'b' }, { eventId: 'a' }, { eventId: '' }, { eventId: '' });
  expect(firstRepeated(events)).toBe('a');
  expect(withoutRepeats(events).map(({ index }) => index)).toEqual([0, 1, 3, 4]);
  expect(firstRepeated(seen({ eventId: '' }, { eventId: '' }))).toBeUndefined();
});

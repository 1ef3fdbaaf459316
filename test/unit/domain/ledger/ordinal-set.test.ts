import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrdinalSet } from '../../../../src/domain/ledger/ordinal-set.ts';

const interval = fc.tuple(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 0, max: 8 }));

describe('a set of ordinals', () => {
  test('has what was added and not removed, in intervals that neither touch nor overlap', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom('add', 'remove'), interval), { maxLength: 40 }), (steps) => {
        const ordinals = new OrdinalSet();
        const model = new Set<number>();
        for (const [step, [first, more]] of steps) {
          const last = first + more;
          if (step === 'add') ordinals.add(first, last);
          else ordinals.removeAll(new OrdinalSet([first, last]));
          for (let ordinal = first; ordinal <= last; ordinal += 1) {
            if (step === 'add') model.add(ordinal);
            else model.delete(ordinal);
          }
        }
        for (let ordinal = 1; ordinal <= 70; ordinal += 1) expect(ordinals.has(ordinal)).toBe(model.has(ordinal));
        const { intervals } = ordinals;
        for (let at = 1; at < intervals.length; at += 1) {
          const apart = at % 2 === 0 ? 2 : 0;
          expect(intervals[at] as number).toBeGreaterThanOrEqual((intervals[at - 1] as number) + apart);
        }
        let watermark = 0;
        while (model.has(watermark + 1)) watermark += 1;
        expect([ordinals.watermark, ordinals.highest]).toEqual([watermark, Math.max(0, ...model)]);
      }),
    );
  });

  test('beyond its bound forgets the lowest above the watermark', () => {
    const ordinals = new OrdinalSet([], 3);
    for (const ordinal of [1, 2, 5, 7, 9]) ordinals.add(ordinal);
    expect([...ordinals.intervals]).toEqual([1, 2, 7, 7, 9, 9]);
    expect([ordinals.has(5), ordinals.watermark]).toEqual([false, 2]);
  });

  test('adds and removes those of another', () => {
    const ordinals = new OrdinalSet([1, 10]);
    ordinals.removeAll(new OrdinalSet([2, 3, 9, 12]));
    expect([...ordinals.intervals]).toEqual([1, 1, 4, 8]);
    ordinals.addAll(new OrdinalSet([2, 3, 20, 21]));
    expect([...ordinals.intervals]).toEqual([1, 8, 20, 21]);
  });
});

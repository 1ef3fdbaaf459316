import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Fifo } from '../../../src/domain/fifo.ts';

test('whatever is pushed, taken and cleared, it holds what an array would', () => {
  const step = fc.oneof(
    { weight: 5, arbitrary: fc.record({ push: fc.integer({ min: 1, max: 3_000 }) }) },
    { weight: 5, arbitrary: fc.record({ shift: fc.integer({ min: 1, max: 4_000 }) }) },
    { weight: 1, arbitrary: fc.constant('clear' as const) },
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const fifo = new Fifo<number>();
      const model: number[] = [];
      let next = 0;
      for (const each of steps) {
        if (each === 'clear') {
          fifo.clear();
          model.length = 0;
        } else if ('push' in each) {
          for (let count = 0; count < each.push; count += 1, next += 1) {
            fifo.push(next);
            model.push(next);
          }
        } else {
          const taken = Array.from({ length: each.shift }, () => fifo.shift());
          const expected = model.splice(0, each.shift);
          expect(taken).toEqual([...expected, ...Array(each.shift - expected.length)]);
        }
        expect([fifo.length, fifo.first, [...fifo]]).toEqual([model.length, model[0], model]);
      }
    }),
    { numRuns: 200 },
  );
});

test('taking one costs the same whether few or half a million wait', () => {
  const fifo = new Fifo<number>();
  for (let at = 0; at < 500_000; at += 1) fifo.push(at);
  const began = performance.now();
  for (let at = 0; at < 500_000; at += 1) if (fifo.shift() !== at) throw new Error(`out of order at ${at}`);
  // An array takes a minute, this some ten milliseconds.
  expect(performance.now() - began).toBeLessThan(2_000);
});

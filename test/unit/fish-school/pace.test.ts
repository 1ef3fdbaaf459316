import { describe, expect, test } from 'vitest';
import { Pace } from '../../../examples/fish-school/pace.ts';

describe('the pace', () => {
  test('makes ticks due at even distances, however long each takes', () => {
    const pace = new Pace(10, 1_000);
    expect(pace.waitMs(1_000)).toBe(0);
    pace.ticked(1_030);
    expect(pace.waitMs(1_030)).toBe(70);
    pace.ticked(1_150);
    expect(pace.waitMs(1_150)).toBe(50);
  });

  test('catches up on a short delay, and forgets a long one', () => {
    const pace = new Pace(10, 0);
    pace.ticked(500);
    expect(pace.waitMs(500)).toBe(0);
    pace.ticked(500);
    expect(pace.waitMs(500)).toBe(0);
    pace.ticked(10_000);
    expect(pace.waitMs(10_000)).toBe(0);
    pace.ticked(10_000);
    expect(pace.waitMs(10_000)).toBe(100);
  });

  test('never waits at speed 0, and takes a new speed at once', () => {
    const pace = new Pace(0.001, 0);
    pace.ticked(0);
    expect(pace.waitMs(1)).toBe(999_999);
    pace.setSpeed(0, 1);
    pace.ticked(1);
    expect(pace.waitMs(1)).toBe(0);
    pace.setSpeed(2, 2);
    pace.ticked(2);
    expect(pace.waitMs(2)).toBe(500);
  });
});

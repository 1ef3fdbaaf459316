import { expect, test } from 'vitest';

export const bad = 1;

test('one is one', () => {
  expect(bad).toBe(1);
});

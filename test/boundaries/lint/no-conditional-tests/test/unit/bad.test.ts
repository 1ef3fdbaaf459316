import { expect, test } from 'vitest';

test.runIf(process.platform === 'linux')('one is one', () => {
  expect(1).toBe(1);
});

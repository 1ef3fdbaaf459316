import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const PAGE = readFileSync('docs/reliability.md', 'utf8');

const FAULTS = /^## Faults\n(.*?)^## /ms.exec(PAGE)?.[1] ?? '';

/** The rows of the table of faults, without its head. */
const ROWS = [...FAULTS.matchAll(/^\| (?<fault>.*) \| (?<promise>.*) \| (?<tests>.*) \|$/gm)]
  .map(({ groups = {} }) => groups)
  .filter(({ fault }) => fault !== 'fault');

test('every fault in docs/reliability.md has a promise and at least one test, and every file that it names exists', () => {
  expect(ROWS.length).toBeGreaterThan(10);
  for (const { fault, promise, tests = '' } of ROWS) {
    expect(promise, fault).not.toBe('');
    expect([...tests.matchAll(/`test\/[^`]+\.test\.ts`/g)].length, fault).toBeGreaterThan(0);
  }
  const named = [...PAGE.matchAll(/`((?:test|src|docs|examples)\/[^`]+)`/g)].map(([, file = '']) => file);
  expect(named.filter((file) => !existsSync(file))).toEqual([]);
});

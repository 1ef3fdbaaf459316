import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const run = promisify(execFile);
const script = join(import.meta.dirname, '../../../scripts/test-totals.mjs');
const clean = {
  success: true,
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
};
const unloaded = { status: 'failed', assertionResults: [] };

test.each([
  ['tests that passed', clean, '3 passed, 0 failed', 0],
  ['a test that failed', { ...clean, success: false, numFailedTests: 1 }, '3 passed, 1 failed', 1],
  [
    'a test file that could not be loaded',
    { ...clean, success: false, testResults: [unloaded] },
    '3 passed, 1 failed',
    1,
  ],
  ['no tests at all', { ...clean, numPassedTests: 0 }, '0 passed, 0 failed', 1],
  ['a skipped test', { ...clean, numPendingTests: 1 }, '3 passed, 0 failed', 1],
  ['an error outside of tests', { ...clean, success: false }, '3 passed, 0 failed', 1],
])('%s: the last line and the exit code say so', async (_, report, lastLine, exitCode) => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-totals-'));
  try {
    const file = join(folder, 'report.json');
    await writeFile(file, JSON.stringify(report));
    const finished = await run(process.execPath, [script, file]).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }) => ({ code, stdout }),
    );
    expect(finished.stdout.trimEnd().split('\n').at(-1)).toBe(lastLine);
    expect(finished.code).toBe(exitCode);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

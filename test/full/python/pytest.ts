import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import { runProgram } from '../../support/run-program.ts';

const EXAMPLE = fileURLToPath(new URL('../../../examples/python', import.meta.url));
/** Of a busy machine; what calls it needs a little more. */
export const PYTEST_TIMEOUT_MS = 600_000;

/** Runs the tests of folders in examples/python; all must pass and none be left out. */
export async function expectPytestToPass(python: string, ...folders: readonly string[]): Promise<void> {
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', '--timeout', '240', ...folders];
  const { exitCode, stdout, stderr } = await runProgram(python, args, { cwd: EXAMPLE, timeoutMs: PYTEST_TIMEOUT_MS });
  const summary = stdout.trim().split('\n').at(-1) ?? '';
  expect({ exitCode, summary }, stdout + stderr).toEqual({
    exitCode: 0,
    summary: expect.stringMatching(/^[1-9]\d* passed in /),
  });
}

import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { runProgram } from '../../support/run-program.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
/** Behind those that `npm test` plays. */
const FIRST = 10_001;
const SEEDS = 5_000;
const TIMEOUT_MS = 10 * 60_000;

/** Each in a process of its own: one world after the other is all that one can do. */
const PROCESSES = Math.min(4, availableParallelism());
const EACH = Math.ceil(SEEDS / PROCESSES);

describe.concurrent(`whatever happens, in ${SEEDS} worlds more, the same each time`, () => {
  const begins = Array.from({ length: PROCESSES }, (_, at) => FIRST + at * EACH);
  test.each(begins)(
    'nothing is lost and nothing is left behind: from seed %i',
    { timeout: TIMEOUT_MS },
    async (from) => {
      const player = ['-C', 'source', 'test/dst/replay.ts', '--from', `${from}`, '--count', `${EACH}`];
      const { exitCode, stdout, stderr } = await runProgram(process.execPath, player, {
        cwd: ROOT,
        timeoutMs: TIMEOUT_MS,
      });
      expect(stderr).toBe('');
      expect(stdout).toMatch(new RegExp(`^${EACH} seeds, \\d+ steps`));
      expect(exitCode).toBe(0);
    },
  );
});

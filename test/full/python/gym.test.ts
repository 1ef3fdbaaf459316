import { beforeAll, test } from 'vitest';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { expectPytestToPass, PYTEST_TIMEOUT_MS } from './pytest.ts';

let python: string;
beforeAll(async () => {
  python = await pythonEnvironment();
}, 900_000);

test(
  'the environments keep what gymnasium asks, are reproducible, and outlive a worker that is killed',
  async () => {
    await expectPytestToPass(python, 'tests/gym');
  },
  PYTEST_TIMEOUT_MS + 10_000,
);

test(
  'the client does against a daemon what it says',
  async () => {
    await expectPytestToPass(python, 'tests/client');
  },
  PYTEST_TIMEOUT_MS + 10_000,
);

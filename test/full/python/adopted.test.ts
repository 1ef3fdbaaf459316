import { test } from 'vitest';
import { expectToGoOnWhenAdopted } from '../../support/daemon/adopted-run.ts';
import { pythonEnvironment } from '../../support/toolchains/python.ts';
import { reefType } from './reef-type.ts';

const INSTALL_TIMEOUT_MS = 900_000;

test(
  'the reef in Python goes on when a new daemon adopts it, and its log is complete',
  async () => {
    const python = await pythonEnvironment();
    await expectToGoOnWhenAdopted(reefType(python, 'grpc'));
  },
  INSTALL_TIMEOUT_MS,
);

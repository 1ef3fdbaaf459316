import { test } from 'vitest';
import { expectToGoOnWhenAdopted } from '../../support/daemon/adopted-run.ts';
import { rustBinary } from '../../support/toolchains/cargo.ts';
import { rustFishType } from './fish-runs.ts';

const BUILD_TIMEOUT_MS = 900_000;

test(
  'the fish in Rust go on when a new daemon adopts them, and their log is complete',
  async () => {
    const program = await rustBinary('fish-worker');
    await expectToGoOnWhenAdopted(rustFishType(program, { name: 'fish', command_transport: 'grpc' }));
  },
  BUILD_TIMEOUT_MS,
);

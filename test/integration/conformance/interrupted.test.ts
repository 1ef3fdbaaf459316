import { expect, test } from 'vitest';
import { loadConfig } from '../../../src/adapters/yaml/load-config.ts';
import { examineWorkers } from '../../../src/conformance/conformance.ts';
import { brokenWorkerType, typeNameOf } from '../../support/broken-worker/worker-type.ts';
import { writeConfig } from '../../support/daemon/daemon-config.ts';

test('asked to end before it began, it launches nothing', async () => {
  await using folder = await writeConfig({ workerTypes: [brokenWorkerType(undefined)] });
  const { config } = loadConfig({ file: folder.configFile, environment: {} });
  const examined = examineWorkers({
    config,
    workerType: typeNameOf(undefined),
    runConfig: {},
    environment: process.env,
    jobs: 1,
    signal: AbortSignal.abort(),
    onResult: () => expect.unreachable('a result'),
  });
  await expect(examined).rejects.toMatchObject({ code: 'CANCELLED' });
});

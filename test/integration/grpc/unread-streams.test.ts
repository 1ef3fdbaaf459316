import { writeFile } from 'node:fs/promises';
import { Client, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { loadProtos } from '../../../src/adapters/grpc/proto-loading.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';

const LINES = 100_000;
const talker = {
  name: 'talker',
  plugin: 'executable',
  options: {
    executable: 'sh',
    args: [
      '-c',
      `echo ready; while [ ! -e "$SHOAL_SNAPSHOT_DIR/go" ]; do sleep 0.05; done; seq -f '%.0f ${'x'.repeat(200)}' ${LINES}`,
    ],
    register: 'none',
  },
};

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [talker], limits: { output_lines: 10 } });
});
afterAll(() => daemon[Symbol.asyncDispose]());

function heldBytes(): number {
  const { heapUsed, arrayBuffers, external } = process.memoryUsage();
  return heapUsed + Math.max(arrayBuffers, external);
}

/** Resolves when a figure has not changed while the daemon answered others a hundred times. */
async function standsStill(figure: () => number): Promise<void> {
  for (let last = -1; figure() !== last; ) {
    last = figure();
    for (let at = 0; at < 100; at += 1) await daemon.client.info();
  }
}

describe('a caller that does not read its answers', () => {
  test('of reflection: no more requests are read from it, and everybody else is served', async () => {
    const client = new Client(daemon.addresses.clients, credentials.createInsecure());
    onTestFinished(() => client.close());
    const { path, requestSerialize } =
      loadProtos().tree.grpc.reflection.v1.ServerReflection.service.ServerReflectionInfo;
    const call = client.makeBidiStreamRequest(path, requestSerialize, (bytes: Buffer) => bytes.length);
    let answered = 0;
    call.on('error', () => {});
    call.on('data', () => {
      answered += 1;
    });
    const request = { fileContainingSymbol: 'fes.orchestration.v1.OrchestratorClientService' };
    call.write(request);
    await new Promise((resolve) => call.once('data', resolve));
    call.pause();
    const before = heldBytes();
    const count = 100_000;
    let taken = 0;
    for (let at = 0; at < count; at += 1) {
      call.write(request, () => {
        taken += 1;
      });
    }
    await standsStill(() => taken);
    expect(taken).toBeLessThan(count);
    // Each answer has some 20 kB: all of them would be hundreds of megabytes.
    expect(heldBytes() - before).toBeLessThan(100 * 1024 * 1024);
    expect(answered).toBeLessThan(count);
    call.cancel();
  });

  test('of ReadWorkerOutput: the worker is not held up, and what is kept for the caller has a bound', async () => {
    const { simulationId } = await daemon.client.start({ workerType: 'talker' });
    await daemon.client.untilState(simulationId, 'RUNNING');
    const [slow, quick] = [0, 1].map(() => daemon.client.output({ simulationId, follow: true }));
    await Promise.all([slow?.count(1), quick?.count(1)]);
    slow?.pause();
    const before = heldBytes();
    await writeFile(`${daemon.folder}/data/snapshots/${simulationId}/go`, '');
    await daemon.client.untilState(simulationId, 'COMPLETED');
    expect(heldBytes() - before).toBeLessThan(60 * 1024 * 1024);
    slow?.resume();
    expect(await slow?.ended()).toMatchObject({ code: 'OK' });
    expect(slow?.messages.length).toBeLessThan(LINES / 2);
  });
});

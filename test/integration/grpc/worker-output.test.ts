import { isUtf8 } from 'node:buffer';
import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientMethods } from '../../support/daemon/daemon-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';

/** A shell script as a plain program. */
const script = (name: string, text: string) => ({
  name,
  plugin: 'executable',
  options: { executable: 'sh', args: ['-c', text], register: 'none' },
  stop: { grace: '200ms' },
});

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({
    workerTypes: [
      script('counter', 'for i in 1 2 3; do echo line $i; done; echo woe >&2; exec sleep 600'),
      script('quitter', 'echo almost there; echo but no >&2; exit 3'),
      script('gated', 'echo first; while [ ! -e "$SHOAL_SNAPSHOT_DIR/go" ]; do sleep 0.05; done; echo second'),
      script('fishy', `printf 'x%.0s' $(seq 299); for i in 1 2 3; do printf '🐟'; done; exit 3`),
      script('long', `head -c 10000 /dev/zero | tr '\\0' 'x'; exec sleep 600`),
    ],
    limits: { output_lines: 100, output_line_bytes: '4KiB' },
  });
});
afterAll(() => daemon[Symbol.asyncDispose]());

async function run(workerType: string): Promise<string> {
  return (await daemon.client.start({ workerType })).simulationId;
}

describe('ReadWorkerOutput', () => {
  test('tells the last lines, each with its stream, worker and time, and ends OK', async () => {
    const simulationId = await run('counter');
    const { workerId } = await daemon.client.untilState(simulationId, 'RUNNING');
    const following = daemon.client.output({ simulationId, follow: true });
    await following.count(4);
    following.cancel();
    const lines = daemon.client.output({ simulationId });
    expect(await lines.ended()).toMatchObject({ code: 'OK' });
    expect(lines.messages.filter(({ stream }) => stream === 'OUTPUT_STREAM_STDOUT').map(({ line }) => line)).toEqual([
      'line 1',
      'line 2',
      'line 3',
    ]);
    expect(lines.messages.filter(({ stream }) => stream === 'OUTPUT_STREAM_STDERR')).toMatchObject([
      { line: 'woe', workerId, truncated: false, time: { seconds: expect.stringMatching(/^\d+$/) } },
    ]);
    const last = daemon.client.output({ simulationId, tailLines: 1 });
    await last.ended();
    expect(last.messages).toHaveLength(1);
  });

  test('with follow goes on with what comes, and ends OK when the simulation has ended', async () => {
    const simulationId = await run('gated');
    const lines = daemon.client.output({ simulationId, follow: true });
    await lines.count(1);
    await writeFile(`${daemon.folder}/data/snapshots/${simulationId}/go`, '');
    expect(await lines.ended()).toMatchObject({ code: 'OK' });
    expect(lines.messages.map(({ line }) => line)).toEqual(['first', 'second']);
    expect(await daemon.client.get(simulationId)).toMatchObject({ state: 'SIMULATION_STATE_COMPLETED', exitCode: 0 });
  });

  test('of a simulation that has ended still tells what it wrote, and the status quotes it', async () => {
    const simulationId = await run('quitter');
    expect(await daemon.client.untilState(simulationId, 'FAILED')).toMatchObject({
      reason: 'WORKER_CRASHED',
      exitCode: 3,
      message: expect.stringMatching(
        /exited 3 after \d+ ms; last lines: (almost there \| but no|but no \| almost there)/,
      ),
    });
    const lines = daemon.client.output({ simulationId, follow: true });
    expect(await lines.ended()).toMatchObject({ code: 'OK' });
    expect(lines.messages).toHaveLength(2);
  });

  test('cuts a line that is too long and says so', async () => {
    const lines = daemon.client.output({ simulationId: await run('long'), follow: true });
    const [line] = await lines.count(1);
    lines.cancel();
    expect(line?.truncated).toBe(true);
    expect(Buffer.byteLength(line?.line ?? '')).toBeLessThanOrEqual(4_096);
  });

  test.each([
    ['nobody', 'NOT_FOUND', 'SIMULATION_NOT_FOUND'],
    ['a.b', 'INVALID_ARGUMENT', 'INVALID_ARGUMENT'],
  ])('of %j ends %s', async (simulationId, code, reason) => {
    expect(await daemon.client.output({ simulationId }).ended()).toMatchObject({ code, reason });
  });
});

describe('a status that quotes output', () => {
  test('is UTF-8 however the quotation was cut: a strict reader would refuse all of it', async () => {
    const simulationId = await run('fishy');
    await daemon.client.untilState(simulationId, 'FAILED');
    const { GetSimulationStatus } = clientMethods;
    const raw = { ...GetSimulationStatus, responseDeserialize: (bytes: Buffer) => bytes };
    const bytes = await daemon.client.call(raw, { simulationId });
    const quotation = bytes.subarray(bytes.indexOf('last lines'), bytes.indexOf('…'));
    expect(quotation.length).toBeGreaterThan(300);
    expect(isUtf8(quotation)).toBe(true);
  });
});

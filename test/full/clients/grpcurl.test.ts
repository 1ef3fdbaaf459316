import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fishType } from '../../e2e/runs/worker-types.ts';
import { linesOfThePage, PAGE } from '../../support/clients/page-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Finished, mustRun, runProgram } from '../../support/run-program.ts';
import { findGo } from '../../support/toolchains/go.ts';

const INSTALL_TIMEOUT_MS = 280_000;

let daemon: InProcessDaemon;
let bin: string;
beforeAll(async () => {
  bin = await mkdtemp(join(tmpdir(), 'shoal-grpcurl-'));
  const go = await findGo();
  // The version that the page names.
  const [, what = ''] = /`go install (\S+)`/.exec(await readFile(PAGE, 'utf8')) ?? [];
  await mustRun(go.path, ['install', what], {
    cwd: bin,
    env: { ...go.env, GOBIN: bin },
    timeoutMs: INSTALL_TIMEOUT_MS,
  });
  daemon = await startDaemon({ workerTypes: [fishType()] });
}, INSTALL_TIMEOUT_MS);
afterAll(async () => {
  await daemon?.[Symbol.asyncDispose]();
  if (bin !== undefined) await rm(bin, { recursive: true, force: true });
});

test('the lines of docs/clients.md for grpcurl do what it says, by reflection', async () => {
  const lines = await linesOfThePage('grpcurl', daemon.addresses.clients);
  const env = { PATH: `${bin}${delimiter}${process.env['PATH']}` };
  const answers: Finished[] = [];
  for (const line of lines) answers.push(await runProgram('sh', ['-c', line], { cwd: bin, env }));
  const [described, started, stopped, events, refused] = answers;
  expect(described).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('string simulation_id = 1;') });
  expect(JSON.parse(started?.stdout ?? '').simulation).toMatchObject({ simulationId: 'bay', workerType: 'fish' });
  expect(JSON.parse(stopped?.stdout ?? '')).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', completed: true });
  expect(events?.exitCode).toBe(0);
  expect(refused?.exitCode).not.toBe(0);
  expect(refused?.stderr).toContain('Code: NotFound');
  expect(refused?.stderr).toContain('"reason": "SIMULATION_NOT_FOUND"');
});

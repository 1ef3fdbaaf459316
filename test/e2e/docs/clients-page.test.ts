import { resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectClientOfThePage, linesOfThePage, PAGE } from '../../support/clients/page-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { type Finished, runProgram } from '../../support/run-program.ts';
import { fishType } from '../runs/worker-types.ts';
import { ReadersFolder } from './page.ts';

const root = resolve('.');

let daemon: InProcessDaemon;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [fishType()] });
});
afterAll(() => daemon?.[Symbol.asyncDispose]());

describe('the TypeScript client of docs/clients.md', () => {
  let folder: ReadersFolder;
  beforeAll(async () => {
    folder = await ReadersFolder.of(PAGE);
    for (const name of ['@grpc/grpc-js', '@grpc/proto-loader']) await folder.linkInstalled(name);
  });
  afterAll(() => folder?.[Symbol.asyncDispose]());

  test('starts, sees an event, pauses, and tells the reason of a refusal', async () => {
    const env = { SHOAL_ADDRESS: daemon.addresses.clients };
    await expectClientOfThePage(daemon.client, 'typescript', (id) =>
      runProgram(process.execPath, ['client.mts', id], { cwd: folder.path, env }),
    );
  });

  test('has no error of types', async () => {
    const compilerOptions = { types: ['node'], typeRoots: [resolve('node_modules/@types')] };
    const config = { extends: resolve('tsconfig.json'), compilerOptions, include: ['client.mts'] };
    await folder.write('tsconfig.json', JSON.stringify(config));
    const tsc = resolve('node_modules/typescript/bin/tsc');
    const checked = await runProgram(process.execPath, [tsc, '-p', '.'], { cwd: folder.path });
    expect(checked).toEqual({ exitCode: 0, stdout: '', stderr: '' });
  });
});

test('the lines of docs/clients.md for buf curl do what it says, by reflection', async () => {
  const lines = await linesOfThePage('npx buf curl', daemon.addresses.clients);
  const answers: Finished[] = [];
  for (const line of lines)
    answers.push(await runProgram('sh', ['-c', line.replace('npx ', 'node_modules/.bin/')], { cwd: root }));
  expect(answers.map(({ exitCode, stderr }) => ({ exitCode, stderr }))).toEqual(
    lines.map(() => ({ exitCode: 0, stderr: '' })),
  );
  const [methods = '', started = '', stopped = '', events = ''] = answers.map(({ stdout }) => stdout);
  expect(methods.split('\n')).toContain('fes.orchestration.v1.OrchestratorClientService/StartSimulation');
  expect(JSON.parse(started).simulation).toMatchObject({ simulationId: 'atoll', workerType: 'fish' });
  expect(JSON.parse(stopped)).toMatchObject({ state: 'SIMULATION_STATE_STOPPED', completed: true });
  // It may have been stopped before its first event; the stream ended in order either way, with the manifest.
  const { eventsLogged } = await daemon.client.get('atoll');
  expect(events.match(/"logSequence"/g) ?? []).toHaveLength(Number(eventsLogged) + 1);
});

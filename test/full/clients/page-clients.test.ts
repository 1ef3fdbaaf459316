import { readFile, symlink } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ReadersFolder } from '../../e2e/docs/page.ts';
import { fishType } from '../../e2e/runs/worker-types.ts';
import { expectClientOfThePage, PAGE } from '../../support/clients/page-client.ts';
import { type InProcessDaemon, startDaemon } from '../../support/daemon/in-process-daemon.ts';
import { mustRun, needProgram, runProgram } from '../../support/run-program.ts';
import { cargo } from '../../support/toolchains/cargo.ts';

/** To fetch and compile what a client needs takes its while on a machine that has none of it. */
const SETUP_TIMEOUT_MS = 1_200_000;

let daemon: InProcessDaemon;
let page: ReadersFolder;
beforeAll(async () => {
  daemon = await startDaemon({ workerTypes: [fishType()] });
  page = await ReadersFolder.of(PAGE);
  await symlink(resolve('proto'), join(page.path, 'proto'));
});
afterAll(async () => {
  await page?.[Symbol.asyncDispose]();
  await daemon?.[Symbol.asyncDispose]();
});

const setUp = (program: string, args: readonly string[], env = {}) =>
  mustRun(program, args, { cwd: page.path, env, timeoutMs: SETUP_TIMEOUT_MS });

test('the Python client of docs/clients.md starts, sees an event, pauses, and tells a reason', {
  timeout: SETUP_TIMEOUT_MS,
}, async () => {
  await needProgram('python3', 'install Python 3.10 or later with venv (Debian: apt-get install python3-venv)');
  const environment = resolve('.cache/client-venv');
  await setUp('python3', ['-m', 'venv', environment]);
  const { PATH = '' } = process.env;
  const env = {
    PATH: [join(environment, 'bin'), PATH].join(delimiter),
    PYTHONPATH: 'gen',
    SHOAL_ADDRESS: daemon.addresses.clients,
  };
  // The lines of the page, but the last one, which runs the client.
  const [, lines = ''] =
    /## Python\n\n```sh\n(.*?)PYTHONPATH=gen python client\.py/s.exec(await readFile(PAGE, 'utf8')) ?? [];
  expect(lines).toContain('grpc_tools.protoc');
  await setUp('sh', ['-ec', lines], env);
  await expectClientOfThePage(daemon.client, 'python', (id) =>
    runProgram('python', ['client.py', id], { cwd: page.path, env }),
  );
});

test('the Rust client of docs/clients.md starts, sees an event, pauses, and tells a reason', {
  timeout: SETUP_TIMEOUT_MS,
}, async () => {
  await cargo(['build', '--quiet'], page.path);
  const env = { SHOAL_ADDRESS: daemon.addresses.clients };
  await expectClientOfThePage(daemon.client, 'rust', (id) =>
    runProgram(resolve('.cache/cargo-target/debug/client'), [id], { cwd: page.path, env }),
  );
});

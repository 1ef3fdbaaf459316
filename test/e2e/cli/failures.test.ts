import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { stripTypeScriptTypes } from 'node:module';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { ShoalProcess, shoal } from './shoal-process.ts';

/** Nobody can listen there without being root. */
const NOBODY = '127.0.0.1:1';

test.concurrent.each([
  [[], 'Usage: shoal'],
  [['sart', 'fish'], "unknown command 'sart'\n(Did you mean start?)"],
  [['ls', '--lable', 'a=b'], "unknown option '--lable'\n(Did you mean --label?)"],
  [['config', 'chek', 'x'], "unknown command 'chek'\n(Did you mean check?)"],
  [['config'], 'Usage: shoal config'],
  [['doctr'], "unknown command 'doctr'\n(Did you mean doctor?)"],
  [['config', 'check', 'x', '--offlin'], "unknown option '--offlin'\n(Did you mean --offline?)"],
  [['--address', NOBODY, 'config', 'schema'], '--address is of no use to schema'],
  [['start'], "missing required argument 'type'"],
  [['start', 'fish', 'two'], 'too many arguments'],
  [['get'], "missing required argument 'id'"],
  [['start', 'fish', '--seed', '-1'], 'Expected a whole number from 0 to 18446744073709551615.'],
  [['start', 'fish', '--seed', '18446744073709551616'], 'Expected a whole number from 0 to 18446744073709551615.'],
  [['start', 'fish', '--set', 'novalue'], 'Expected KEY=VALUE.'],
  [['stop', 'x', '--grace', '5'], 'Expected a whole number and its unit, such as 500ms, 10s or 2m.'],
  [['ls', '--state', 'runing'], 'Expected one or more of pending, starting, running'],
  [['ls', '--state', 'paused,runing'], '; did you mean `running`?\n'],
  [['logs', 'x', '--tail', '0'], 'Expected a whole number, at least 1.'],
  [['ls', '-o', 'xml'], 'Allowed choices are table, json, jsonl, yaml.'],
  [['ls', '--address', 'localhost'], 'Expected HOST:PORT'],
  [['demo', '--for', '1s'], 'Expected at least 2s.'],
  [['--address', NOBODY, 'serve'], '--address is of no use to serve'],
  [['--output', 'json', 'demo'], '--output is of no use to demo'],
  [['\x1b[31mred'], "unknown command '\\u{1b}[31mred'"],
])('wrong usage %j ends with 2 and says so on stderr', async (args, message) => {
  const { exitCode, stdout, stderr } = await shoal(args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
});

test('help and version are results', async () => {
  for (const args of [
    ['--help'],
    ['help', 'start'],
    ['start', '-h'],
    ['config', 'check', '--help'],
    ['--version'],
    ['-V'],
  ]) {
    const { exitCode, stdout, stderr } = await shoal(args);
    expect([exitCode, stderr], args.join(' ')).toEqual([0, '']);
    expect(stdout).toMatch(/^(Usage: shoal|\d+\.\d+\.\d+)/);
  }
});

test.concurrent.each([
  [['ls', '--address', NOBODY]],
  [['start', 'fish', '--wait', '--address', NOBODY]],
  [['get', 'x', '--address', NOBODY]],
  [['pause', 'x', 'y', '--address', NOBODY]],
  [['resume', 'x', '--address', NOBODY]],
  [['step', 'x', '--address', NOBODY]],
  [['reset', 'x', '--address', NOBODY]],
  [['stop', 'x', '--no-wait', '--address', NOBODY]],
  [['events', '--address', NOBODY]],
  [['events', 'x', '--address', NOBODY]],
  [['logs', 'x', '-f', '--address', NOBODY]],
  [['plugins', '-o', 'json', '--address', NOBODY]],
])('without a daemon, %j ends with 69 and says how to start one', async (args) => {
  const { exitCode, stdout, stderr } = await shoal(args);
  expect([exitCode, stdout]).toEqual([69, '']);
  expect(stderr).toMatch(
    /^shoal: no daemon answers at 127\.0\.0\.1:1: connect ECONNREFUSED.*\nStart one with .* serve`.*\n$/,
  );
});

test('version needs no daemon', async () => {
  const { exitCode, stdout } = await shoal(['version', '--address', NOBODY]);
  expect([exitCode, stdout]).toEqual([0, expect.stringContaining(`none answers at ${NOBODY}`)]);
});

test('the environment names the daemon, a flag before or behind the command wins', async () => {
  const environment = { SHOAL_ADDRESS: '127.0.0.1:2' };
  expect((await shoal(['ls'], { environment })).stderr).toContain('at 127.0.0.1:2:');
  expect((await shoal(['ls', '--address', NOBODY], { environment })).stderr).toContain(`at ${NOBODY}:`);
  expect((await shoal(['--address', NOBODY, 'ls'], { environment })).stderr).toContain(`at ${NOBODY}:`);
  const wrong = await shoal(['ls'], { environment: { SHOAL_ADDRESS: 'here' } });
  expect([wrong.exitCode, wrong.stderr]).toEqual([2, expect.stringContaining('SHOAL_ADDRESS is "here"')]);
});

test('a proxy of the environment is not asked for this machine', async () => {
  const environment = {
    http_proxy: 'http://127.0.0.1:2',
    https_proxy: 'http://127.0.0.1:2',
    grpc_proxy: 'http://127.0.0.1:2',
  };
  expect((await shoal(['ls', '--address', NOBODY], { environment })).stderr).toContain(
    `connect ECONNREFUSED ${NOBODY}`,
  );
});

test('something else at the address is told from a daemon that is not there', async () => {
  const web = createHttpServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { exitCode, stderr } = await shoal(['ls', '--address', `127.0.0.1:${(web.address() as AddressInfo).port}`]);
  web.close();
  expect([69, 1]).toContain(exitCode);
  expect(stderr).toMatch(/^shoal: .*127\.0\.0\.1:\d+/);
});

test('what accepts a connection and never says a word is given up, and can be interrupted', async () => {
  const sockets = new Set<{ destroy(): void }>();
  const mute = createServer((socket) => void sockets.add(socket)).listen(0, '127.0.0.1');
  await once(mute, 'listening');
  const address = `127.0.0.1:${(mute.address() as AddressInfo).port}`;
  const args = ['pause', 'x', '--address', address];
  await using interrupted = new ShoalProcess(args);
  await once(mute, 'connection');
  interrupted.child.kill('SIGINT');
  expect(await interrupted.ended).toMatchObject({ exitCode: 130, stdout: '', stderr: '' });
  const { exitCode, stderr } = await shoal(args);
  expect([exitCode, stderr]).toEqual([69, expect.stringContaining('heard nothing for 10 s')]);
  for (const socket of sockets) socket.destroy();
  mute.close();
});

test('stdin is read up to a limit, and waiting for it can be interrupted', async () => {
  const args = ['start', 'fish', '--config', '-', '--address', NOBODY];
  const { exitCode, stderr } = await shoal(args, { input: 'x'.repeat(3 * 1024 * 1024) });
  expect([exitCode, stderr]).toEqual([78, expect.stringMatching(/^stdin: is larger than 1 MiB/)]);
  await using waiting = new ShoalProcess(args, { input: 'open' });
  // Far more than a pipe holds: it has been reading when this returns.
  await waiting.feed('x'.repeat(512 * 1024));
  waiting.child.kill('SIGINT');
  expect(await waiting.ended).toMatchObject({ exitCode: 130, stdout: '', stderr: '' });
});

test('output that cannot be written is a failure', async () => {
  const { status, stderr } = spawnSync(process.execPath, ['-C', 'source', 'src/main.ts', '--version'], {
    stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    encoding: 'utf8',
  });
  expect([status, stderr]).toEqual([1, expect.stringContaining('ENOSPC')]);
});

test('a Node that is too old is told so in one line', async () => {
  const pretend = 'data:text/javascript,Object.defineProperty(process.versions,"node",{value:"20.11.1"})';
  const { exitCode, stdout, stderr } = await shoal(['ls'], { nodeFlags: ['--import', pretend] });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^shoal needs Node\.js 22\.13 or newer; .+\n$/);
});

test('a Node that is older still can at least read the entry, to say so', () => {
  const entry = stripTypeScriptTypes(readFileSync('src/main.ts', 'utf8'));
  // As a script: it imports nothing and awaits nothing outside a function. Both came to modules later than modules to Node.
  expect(() => new Script(entry.replace(/^#!.*/, ''))).not.toThrow();
});

test('a relative path means the folder in which `npm run shoal` was typed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'shoal-typed-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'mine.yaml'), 'grcp: 1');
  const npm = ['--prefix', process.cwd(), 'run', '-s', 'shoal', '--'];
  const { status, stdout, stderr } = spawnSync('npm', [...npm, 'config', 'check', '--offline', 'mine.yaml'], {
    cwd: folder,
    encoding: 'utf8',
  });
  expect([status, stdout]).toEqual([78, '']);
  expect(stderr).toBe('mine.yaml:1:1 grcp: is not a known key; did you mean `grpc`?\n');
});

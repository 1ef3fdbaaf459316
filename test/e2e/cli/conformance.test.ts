import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, inject, test } from 'vitest';
import { writeConfig } from '../../support/daemon/daemon-config.ts';
import { until } from '../../support/daemon/until.ts';
import { processesWith } from './processes.ts';
import { FISH, script } from './served-shoal.ts';
import { ShoalProcess, shoal, shoalDone } from './shoal-process.ts';

/** Ends at once, with something on stderr that would turn a terminal red. */
const QUITTER = {
  name: 'quitter',
  plugin: 'executable',
  options: {
    executable: '/bin/sh',
    args: ['-c', "printf 'no \\033[31mthanks\\n' >&2; exit 3"],
    commands: ['stop', 'pause', 'step'],
  },
};

/** Interrupts that come closer together than 200 ms are one. */
const NO_ECHO_MS = 250;

const FEW = 'registers-in-time,step-is-exact';

interface Report {
  readonly worker_type: string;
  readonly checks: readonly { id: string; outcome: string; seen: string; expected: string; output: string[] }[];
  readonly passed: number;
  readonly failed: number;
  readonly not_run: number;
}

function outcomes(stdout: string): Record<string, string> {
  const { checks } = JSON.parse(stdout) as Report;
  return Object.fromEntries(checks.map(({ id, outcome }) => [id, outcome]));
}

test('the school of fish passes what it is asked, in text and as JSON', async () => {
  await using config = await writeConfig({ workerTypes: [FISH] });
  const args = ['conformance', '--type', 'fish', '--config', config.configFile, '--only', FEW];
  expect(await shoalDone(args)).toMatch(
    /^Registration\n {2}✓ registers-in-time .*\n\nCommands\n {2}✓ step-is-exact .*\n\nworker type fish: 2 passed, 0 failed\n$/,
  );
  const stdout = await shoalDone([...args, '--skip', 'step-is-exact', '--report', 'json', '--jobs', '1']);
  expect(JSON.parse(stdout)).toMatchObject({ worker_type: 'fish', passed: 1, failed: 0, not_run: 0 });
  expect(outcomes(stdout)).toEqual({ 'registers-in-time': 'passed' });
});

test('the configuration of the runs reaches the workers, from a file, from stdin and by --set', async () => {
  await using config = await writeConfig({ workerTypes: [FISH] });
  const args = ['conformance', '--type', 'fish', '--config', config.configFile, '--only', 'registers-in-time'];
  const file = join(config.folder, 'run.yaml');
  await writeFile(file, 'fish: 3\n');
  await shoalDone([...args, '--run-config', file, '--set', 'food=5']);
  const wrong = await shoal([...args, '--run-config', '-'], { input: 'whales: 1\n' });
  expect([wrong.exitCode, wrong.stderr]).toEqual([1, 'shoal: registers-in-time failed\n']);
  expect(wrong.stdout).toContain('whales: not known');
});

test('a worker that does not register fails the check that asks for it, and no other is run', async () => {
  await using config = await writeConfig({ workerTypes: [QUITTER] });
  const args = ['conformance', '--type', 'quitter', '--config', config.configFile, '--only', FEW];
  const { exitCode, stdout } = await shoal([...args, '--report', 'json']);
  expect(exitCode).toBe(1);
  expect(outcomes(stdout)).toEqual({ 'registers-in-time': 'failed', 'step-is-exact': 'not_run' });
  const [failure] = (JSON.parse(stdout) as Report).checks;
  expect(failure?.expected).toBe('RegisterWorker within 10000 ms of the launch');
  expect(failure?.seen).toMatch(/the worker ended with exit code 3$/);
  expect(failure?.output).toEqual(['no \u001b[31mthanks']);
  const text = await shoal(args);
  expect(text.stdout).toContain('it wrote  no \\u{1b}[31mthanks\n');
  expect(text.stdout).toContain('docs/workers.md#in-any-language');
  expect(text.stdout).toMatch(/\? step-is-exact .*: no worker registered; see registers-in-time\n/);
  // Quoted once, not with each check that could not be run.
  expect(text.stdout.match(/it wrote/g)).toHaveLength(1);
});

test('asked for another check alone, it says that no worker registered, and what the worker wrote', async () => {
  await using config = await writeConfig({ workerTypes: [QUITTER] });
  const args = ['conformance', '--type', 'quitter', '--config', config.configFile];
  const { stdout } = await shoal([...args, '--only', 'step-is-exact,sends-its-token']);
  expect(stdout).toMatch(
    /\? sends-its-token .*: no worker registered: .*the worker ended with exit code 3\n +it wrote {2}no .*thanks\n/,
  );
  expect(stdout).toMatch(/0 passed, 0 failed, 2 not run\n$/);
  const { exitCode, stdout: json } = await shoal([...args, '--skip', 'registers-in-time', '--report', 'json']);
  expect(exitCode).toBe(1);
  const outcomesOf = new Set(Object.values(outcomes(json)));
  expect([...outcomesOf].toSorted()).toEqual(['not_applicable', 'not_run']);
});

test('what cannot be examined at all is told once', async () => {
  const gone = { name: 'gone', plugin: 'executable', options: { executable: './no-such-program' } };
  await using config = await writeConfig({ workerTypes: [gone, script('plain', 'true', {})] });
  const run = (type: string) => shoal(['conformance', '--type', type, '--config', config.configFile]);
  expect(await run('gone')).toMatchObject({
    exitCode: 78,
    stdout: '',
    stderr: expect.stringMatching(/^shoal: no worker of type gone can be launched: executable: .*does not exist\n$/),
  });
  expect(await run('gonn')).toMatchObject({ exitCode: 78, stderr: expect.stringContaining('(Did you mean gone?)') });
  const stderr = expect.stringContaining('know nothing of Shoal');
  expect(await run('plain')).toMatchObject({ exitCode: 1, stdout: '', stderr });
});

test('a check, a nats-server and a format that are not there are wrong usage', async () => {
  const only = await shoal(['conformance', '--type', 'fish', '--only', 'step-is-exakt']);
  expect([only.exitCode, only.stderr]).toEqual([
    2,
    'shoal: there is no check step-is-exakt\n(Did you mean step-is-exact?)\n',
  ]);
  const nats = await shoal(['conformance', '--type', 'fish', '--nats-server', '/no/such/server']);
  expect([nats.exitCode, nats.stderr]).toEqual([2, 'shoal: --nats-server: /no/such/server is no executable file\n']);
  expect((await shoal(['conformance', '--type', 'fish', '--report', 'xml'])).exitCode).toBe(2);
});

test.each([
  [['--only', ''], /--only names no check/],
  [['--only', 'obeys-stop', '--skip', 'obeys-stop'], /no check is left: --skip leaves out all that --only names/],
])('%j leaves no check, which is wrong usage', async (flags, told) => {
  const { exitCode, stdout, stderr } = await shoal(['conformance', '--type', 'fish', ...flags]);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(told);
});

test('without a nats-server the checks that need one are not run, and it says how to get one', async () => {
  await using config = await writeConfig({ workerTypes: [{ ...FISH, name: 'school' }] });
  const args = ['conformance', '--type', 'school', '--config', config.configFile, '--report', 'json'];
  const only = ['--only', 'hears-commands-over-nats'];
  const without = await shoal([...args, ...only], { environment: { PATH: '/nowhere' } });
  expect(without.exitCode).toBe(1);
  expect(outcomes(without.stdout)).toEqual({ 'hears-commands-over-nats': 'not_run' });
  expect(without.stderr).toMatch(/apt-get install nats-server[\s\S]*--skip/);
  const stdout = await shoalDone([...args, ...only, '--nats-server', inject('natsServer').path]);
  expect(outcomes(stdout)).toEqual({ 'hears-commands-over-nats': 'passed' });
});

test('a nats-server that does not start keeps its own checks from being run, and no others', async () => {
  await using config = await writeConfig({ workerTypes: [FISH] });
  const args = ['conformance', '--type', 'fish', '--config', config.configFile, '--nats-server', '/bin/false'];
  const only = ['--only', 'registers-in-time,hears-commands-over-nats'];
  const { exitCode, stdout, stderr } = await shoal([...args, ...only]);
  expect(stdout).toMatch(/✓ registers-in-time/);
  expect(stdout).toMatch(
    /\? hears-commands-over-nats .*: \/bin\/false did not start: it ended with 1; its last words: none\n/,
  );
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
});

test('interrupted, it leaves neither processes nor files', async () => {
  await using config = await writeConfig({ workerTypes: [FISH] });
  const temporary = join(config.folder, 'tmp');
  await mkdir(temporary);
  const environment = { TMPDIR: temporary };
  await using running = new ShoalProcess(['conformance', '--type', 'fish', '--config', config.configFile], {
    environment,
  });
  const workers = () => processesWith('TMPDIR', temporary).filter((pid) => pid !== running.child.pid);
  await until('a worker', () => workers().length > 0);
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ exitCode: 130, stdout: '' });
  expect(workers()).toEqual([]);
  expect((await readdir(temporary)).filter((name) => name.startsWith('shoal-conformance-'))).toEqual([]);
});

test('a second Ctrl-C does not wait for what hangs, and leaves nothing either', async () => {
  await using config = await writeConfig({ workerTypes: [{ ...FISH, name: 'school' }] });
  const temporary = join(config.folder, 'tmp');
  await mkdir(temporary);
  const args = ['conformance', '--type', 'school', '--config', config.configFile, '--only', 'hears-commands-over-nats'];
  const environment = { TMPDIR: temporary, HOME: config.folder, NATS_SERVER_BIN: inject('natsServer').path };
  await using running = new ShoalProcess(args, { environment });
  // It is given no TMPDIR; workers and the command have one.
  const natsServer = () => {
    const others = processesWith('TMPDIR', temporary);
    return processesWith('HOME', config.folder).find((pid) => !others.includes(pid));
  };
  await until('a nats-server', () => natsServer() !== undefined);
  process.kill(natsServer() ?? 0, 'SIGSTOP');
  running.child.kill('SIGINT');
  await delay(NO_ECHO_MS);
  expect(running.child.exitCode).toBeNull();
  running.child.kill('SIGINT');
  expect(await running.ended).toMatchObject({ exitCode: 130, stdout: '' });
  await until('the end of all', () => processesWith('HOME', config.folder).length === 0);
  expect((await readdir(temporary)).filter((name) => name.startsWith('shoal-conformance-'))).toEqual([]);
});

import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { FISH, ServedShoal, script } from './served-shoal.ts';

let daemon: ServedShoal;

beforeAll(async () => {
  const workerTypes = [
    FISH,
    script('plain', 'sleep 1000'),
    { ...script('crash', 'echo oh dear >&2; exit 3'), options: { executable: '/bin/sh', args: ['-c', 'exit 3'] } },
    { name: 'absent', plugin: './no-such-plugin.mjs' },
    // Knows Shoal's ways in principle, but never registers.
    { name: 'silent', plugin: 'executable', options: { executable: '/bin/sleep', args: ['1000'] } },
  ];
  daemon = await ServedShoal.start({ workerTypes });
});

afterEach(() => daemon.quiet());

afterAll(() => daemon[Symbol.asyncDispose]());

test('start prints the id, and the run has what the flags said', async () => {
  const flags = ['--id', 'reef', '--seed', '18446744073709551615', '--label', 'owner=me', '--label', 'kind=test'];
  const settings = ['--set', 'fish=3', '--set', 'ticks_per_second=50'];
  const { exitCode, stdout, stderr } = await daemon.shoal(['start', 'fish', ...flags, ...settings, '--wait']);
  expect([exitCode, stdout, stderr]).toEqual([0, 'reef\n', 'shoal: reef is RUNNING\n']);
  expect(await daemon.json(['get', 'reef'])).toMatchObject({
    simulation: {
      simulationId: 'reef',
      workerType: 'fish',
      state: 'SIMULATION_STATE_RUNNING',
      labels: { owner: 'me', kind: 'test' },
      seed: '18446744073709551615',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
    },
  });
  const logs = await daemon.done(['logs', 'reef']);
  expect(logs).toContain('"fish":3');
  expect(logs).toContain('"ticks_per_second":50');
});

test('start reads a configuration from a file and from stdin, and --set goes on top', async () => {
  const file = join(tmpdir(), `shoal-run-${process.pid}.yaml`);
  await writeFile(file, 'fish: 4\nfood: 7\n');
  await daemon.done(['start', 'fish', '--id', 'from-file', '--config', file, '--set', 'food=8', '--wait']);
  expect(await daemon.done(['logs', 'from-file'])).toMatch(/"fish":4,.*"food":8/);
  await daemon.done(['start', 'fish', '--id', 'from-stdin', '--config', '-', '--wait'], { input: '{"fish": 5}' });
  expect(await daemon.done(['logs', 'from-stdin'])).toContain('"fish":5');
  const { exitCode, stderr } = await daemon.shoal(['start', 'fish', '--config', '-'], { input: 'fish: [1' });
  expect([exitCode, stderr]).toEqual([78, expect.stringMatching(/^stdin:1:\d+: /)]);
});

test('start takes a repeated request id for the same request', async () => {
  const args = ['start', 'fish', '--paused', '--request-id', 'once'];
  const [first, second] = [await daemon.done(args), await daemon.done(args)];
  expect(first).toMatch(/^sim-\w{10}\n$/);
  expect(second).toBe(first);
});

test('start --wait ends with 1 when the launch fails, and with 124 when it takes too long', async () => {
  const failed = await daemon.shoal(['start', 'crash', '--id', 'broken', '--wait']);
  expect([failed.exitCode, failed.stdout]).toEqual([1, 'broken\n']);
  // What happened and its reason, once each.
  expect(failed.stderr).toMatch(
    /^shoal: broken failed: exited 3 after \d+ ms; it wrote nothing \(EXITED_BEFORE_REGISTERING\)\n$/,
  );
  const facts = await daemon.done(['get', 'broken']);
  expect(facts.match(/EXITED_BEFORE_REGISTERING/g)).toHaveLength(1);
  expect(facts.match(/exited 3/g)).toHaveLength(1);
  const late = await daemon.shoal(['start', 'silent', '--id', 'late', '--wait', '--timeout', '300ms']);
  expect([late.exitCode, late.stderr]).toEqual([124, expect.stringContaining('late is still STARTING after 300 ms')]);
});

test('start --timeout without --wait is wrong usage, and starts nothing', async () => {
  const { exitCode, stdout, stderr } = await daemon.shoal(['start', 'fish', '--id', 'hasty', '--timeout', '5s']);
  expect([exitCode, stdout, stderr]).toEqual([2, '', expect.stringContaining('--timeout is of use only with --wait')]);
  expect((await daemon.shoal(['get', 'hasty'])).exitCode).toBe(1);
});

test('pause, step, resume and reset wait for the worker, and answer with what became of it', async () => {
  await daemon.done(['start', 'fish', '--id', 'lagoon', '--wait']);
  expect(await daemon.done(['pause', 'lagoon'])).toMatch(/^ID +STATE +TICK +COMMAND\nlagoon +PAUSED +\d+ +applied\n$/);
  const before = await tickOf('lagoon');
  await daemon.done(['step', 'lagoon', '--ticks', '5']);
  await daemon.done(['step', 'lagoon']);
  expect(await tickOf('lagoon')).toBe(before + 6);
  expect(await daemon.done(['reset', 'lagoon', '--seed', '9', '--set', 'fish=2'])).toMatch(/lagoon +PAUSED +0 /);
  expect(await daemon.client.get('lagoon')).toMatchObject({ seed: '9', lastTick: '0' });
  expect(await daemon.done(['resume', 'lagoon'])).toMatch(/lagoon +RUNNING/);
});

test('reset reads another configuration', async () => {
  await daemon.done(['start', 'fish', '--id', 'again', '--wait']);
  await daemon.done(['reset', 'again', '--config', '-'], { input: '{"fish": 1, "observations_every": 0}' });
  const refused = await daemon.shoal(['reset', 'again', '--set', 'fish=-1']);
  expect([refused.exitCode, refused.stderr]).toEqual([
    1,
    expect.stringMatching(/^shoal: reset again: the worker refused: fish is -1/),
  ]);
});

test('several simulations at once: what worked is printed, what did not is told, and the exit code says so', async () => {
  await Promise.all(['one', 'two'].map((id) => daemon.done(['start', 'fish', '--id', id, '--wait'])));
  const { exitCode, stdout, stderr } = await daemon.shoal(['pause', 'one', 'nobody', 'two']);
  expect(exitCode).toBe(1);
  expect(stdout).toMatch(/one +PAUSED.*\ntwo +PAUSED/);
  expect(stderr).toMatch(/^shoal: pause nobody: there is no simulation nobody.*\(SIMULATION_NOT_FOUND\)\n$/);
  const json = await daemon.shoal(['pause', 'one', 'nobody', '-o', 'json']);
  expect(JSON.parse(json.stdout)).toMatchObject({
    results: [
      { simulationId: 'one', code: 9, message: expect.stringContaining('PAUSED') },
      { simulationId: 'nobody', code: 5 },
    ],
  });
});

test('--max-run-time stops a run that takes longer', async () => {
  await daemon.done(['start', 'fish', '--id', 'brief', '--max-run-time', '2s']);
  expect(await daemon.client.untilState('brief', 'STOPPED')).toMatchObject({ reason: 'MAX_RUN_TIME' });
});

test('--restart and --max-restarts say how often a run that crashes is restarted, and get shows it', async () => {
  await daemon.done(['start', 'crash', '--id', 'twice', '--restart', 'on-failure', '--max-restarts', '1']);
  const failed = await daemon.client.untilState('twice', 'FAILED');
  expect(failed).toMatchObject({ reason: 'RESTARTS_EXHAUSTED', restarts: 1, incarnation: 2 });
  expect(await daemon.done(['get', 'twice'])).toMatch(/^restart: +on-failure, at most 1$/m);
  await daemon.done(['start', 'crash', '--id', 'waiting', '--restart', 'always', '--max-restarts', '100']);
  await daemon.client.untilState('waiting', 'RESTARTING');
  expect(await daemon.done(['get', 'waiting'])).toMatch(/^message: .*exited 3 after .*; restart \d+ in \d+ ms/m);
  expect(await daemon.done(['ls', '--state', 'failed'])).toMatch(
    /^twice +crash +FAILED +0 +0 +1 .*RESTARTS_EXHAUSTED$/m,
  );
  expect(await daemon.done(['stop', 'waiting'])).toMatch(/waiting +STOPPED/);
  expect(await daemon.done(['get', 'waiting'])).toMatch(/^message: +stopped before the next try: exited 3 after/m);
  const { exitCode, stderr } = await daemon.shoal(['start', 'crash', '--max-restarts', '101']);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining('from 0 to 100')]);
});

test('--label gives one command to all that run with these labels', async () => {
  for (const id of ['left', 'right']) {
    await daemon.done(['start', 'fish', '--id', id, '--label', 'set=label', '--paused', '--wait']);
  }
  await daemon.done(['start', 'fish', '--id', 'over', '--label', 'set=label', '--wait']);
  await daemon.done(['stop', 'over', '--force']);
  const { results } = JSON.parse(await daemon.done(['step', '--label', 'set=label', '--ticks', '3', '-o', 'json']));
  expect(results.map(({ simulationId }: { simulationId: string }) => simulationId).sort()).toEqual(['left', 'right']);
  expect(await daemon.done(['resume', '--label', 'set=label'])).toMatch(
    /left +RUNNING.*\nright +RUNNING|right.*\nleft/,
  );
  expect(await daemon.done(['pause', '--label', 'set=label'])).toMatch(/PAUSED.*\n.*PAUSED/);
  expect(await daemon.done(['reset', '--label', 'set=label', '--seed', '5'])).toMatch(/left +PAUSED +0/);
  const refused = await daemon.shoal(['pause', '--label', 'set=label']);
  expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(/shoal: pause (left|right): pause is not possible in PAUSED/);
  const late = await daemon.shoal(['step', '--label', 'set=label', '--ticks', '100000000', '--timeout', '200ms']);
  expect(late.exitCode).toBe(124);
  await daemon.done(['stop', '--label', 'set=label', '--force']);
  const nobody = await daemon.shoal(['stop', '--label', 'set=label']);
  expect([nobody.exitCode, nobody.stderr]).toEqual([0, 'shoal: no simulation that runs has the labels set=label\n']);
});

test.each([
  [['pause'], 'takes ids or --label'],
  [['pause', 'a', '--label', 'b=c'], 'takes ids or --label'],
  [['pause', '--label', 'b=c', '--no-wait'], 'leave out --no-wait'],
])('%j is wrong usage', async (args, says) => {
  const { exitCode, stderr } = await daemon.shoal(args);
  expect([exitCode, stderr]).toEqual([2, expect.stringContaining(says)]);
});

test('a control that the worker does not finish in time ends with 124, and --no-wait does not wait for it', async () => {
  await daemon.done(['start', 'fish', '--id', 'slow', '--paused', '--wait']);
  const { exitCode, stderr } = await daemon.shoal(['step', 'slow', '--ticks', '100000000', '--timeout', '200ms']);
  expect([exitCode, stderr]).toEqual([
    124,
    expect.stringMatching(/^shoal: step slow: .*not acknowledged.*\(TIMED_OUT\)\n$/),
  ]);
  expect(await daemon.done(['stop', 'slow', '--no-wait'])).toMatch(/slow +STOPPING +\d+ +delivered/);
  await daemon.client.untilState('slow', 'STOPPED');
});

test('stop takes its grace, and --force none', async () => {
  await daemon.done(['start', 'plain', '--id', 'graceful', '--wait']);
  await daemon.done(['start', 'plain', '--id', 'forced', '--wait']);
  expect(await daemon.done(['stop', 'graceful', '--grace', '1s'])).toMatch(/graceful +STOPPED/);
  expect(await daemon.client.get('graceful')).toMatchObject({ exitSignal: 'SIGTERM' });
  await daemon.done(['stop', 'forced', '--force']);
  expect(await daemon.client.get('forced')).toMatchObject({ exitSignal: 'SIGKILL' });
});

test('ls filters by state and label, and prints every format', async () => {
  await daemon.done(['start', 'fish', '--id', 'ls-a', '--label', 'set=ls', '--label', 'n=1', '--wait']);
  await daemon.done(['start', 'fish', '--id', 'ls-b', '--label', 'set=ls', '--paused', '--wait']);
  const table = await daemon.done(['ls', '--label', 'set=ls']);
  expect(table).toMatch(
    /^ID +TYPE +STATE +TICK +EVENTS +RESTARTS +AGE +LABELS +REASON\nls-b .*PAUSED.*\nls-a .*RUNNING.* n=1,set=ls\n$/,
  );
  expect(await daemon.done(['ls', '--label', 'set=ls', '--label', 'n=1'])).not.toContain('ls-b');
  expect(await daemon.done(['ls', '--label', 'set=ls', '--state', 'paused,failed'])).not.toContain('ls-a');
  const lines = (await daemon.done(['ls', '--label', 'set=ls', '-o', 'jsonl'])).trimEnd().split('\n');
  expect(lines.map((line) => JSON.parse(line).simulationId)).toEqual(['ls-b', 'ls-a']);
  expect(await daemon.json(['ls', '--label', 'set=nothing'])).toEqual({ simulations: [], nextPageToken: '' });
  expect(await daemon.done(['ls', '--label', 'set=ls', '--output', 'yaml'])).toMatch(
    /^simulations:\n {2}- simulationId: ls-b\n/,
  );
  const none = await daemon.shoal(['ls', '--label', 'set=nothing']);
  expect([none.exitCode, none.stdout, none.stderr]).toEqual([0, '', 'shoal: there are no simulations\n']);
});

test('plugins lists what can be started, and why not', async () => {
  const table = await daemon.done(['plugins']);
  expect(table).toMatch(/^fish +executable +yes +pause,resume,step,reset,stop/m);
  expect(table).toMatch(/^absent +\S+ +no +.*no-such-plugin/m);
  expect(await daemon.json(['plugins'])).toMatchObject({
    workerTypes: [{ name: 'fish', available: true }, {}, {}, {}, {}],
  });
  const refused = await daemon.shoal(['start', 'fisch']);
  expect([refused.exitCode, refused.stdout]).toEqual([1, '']);
  expect(refused.stderr).toMatch(
    /^shoal: worker_type: there is no worker type "fisch".*\(WORKER_TYPE_UNKNOWN\)\n\(Did you mean fish\?\)\n$/,
  );
  const strange = await daemon.shoal(['start', 'whale']);
  expect([strange.exitCode, strange.stderr]).toEqual([1, expect.not.stringContaining('Did you mean')]);
});

test('version tells of both sides', async () => {
  const { version } = (await import('../../../package.json', { with: { type: 'json' } })).default;
  expect(await daemon.done(['version'])).toContain(`daemon:    ${version} at ${daemon.address}`);
  expect(await daemon.json(['version'])).toMatchObject({
    command: { version, node: process.version },
    daemon: { version, messagingAdapter: 'memory', contractVersion: '1' },
  });
});

async function tickOf(id: string): Promise<number> {
  return Number((await daemon.client.get(id)).lastTick);
}

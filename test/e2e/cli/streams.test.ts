import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { FISH, ServedShoal, script } from './served-shoal.ts';

let daemon: ServedShoal;

beforeAll(async () => {
  const chatter = "printf 'plain\\n\\033[31mred\\tand\\033[0m \\302\\233bell\\a\\n'; echo trouble >&2; sleep 1000";
  daemon = await ServedShoal.start({
    workerTypes: [
      FISH,
      script('chatter', chatter),
      script('long', "head -c 100 /dev/zero | tr '\\0' x; echo; sleep 1000"),
    ],
    limits: { output_line_bytes: 80 },
  });
});

afterEach(() => daemon.quiet());

afterAll(() => daemon[Symbol.asyncDispose]());

test('events prints what comes, of one simulation until it has ended', async () => {
  await daemon.done(['start', 'fish', '--id', 'reef', '--paused', '--wait']);
  await using events = daemon.begin(['events', 'reef']);
  await daemon.done(['start', 'fish', '--id', 'elsewhere', '--wait']);
  // Nothing says that a subscription is live but its first event: keep the run going until there is one.
  await daemon.done(['resume', 'reef']);
  await events.printed(/^\d{4}-\d\d-\d\dT[\d:.]+Z {2}\d+ {2}reef {2}sim\.world_state\.v1 {2}\d+ B {2}tick=\d+$/m);
  await events.printed(/sim\.agent_observation\.v1 {2}\d+ B {2}.*agent_id=fish-\d+/);
  await daemon.done(['stop', 'reef', 'elsewhere']);
  const { exitCode, stdout, stderr } = await events.ended;
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).not.toContain('elsewhere');
});

test('verify proves that the log has all of a run that is over, and tells of one that is not', async () => {
  await daemon.done(['start', 'fish', '--id', 'proved', '--wait']);
  await until('some events are logged', async () => Number((await daemon.client.get('proved')).eventsLogged) > 10);
  const running = await daemon.shoal(['verify', 'proved', '--address', daemon.address]);
  expect([running.exitCode, running.stderr]).toEqual([0, '']);
  expect(running.stdout).toMatch(/^proved: RUNNING \(no manifest yet: .*\): \d+ events, from \d+ to \d+ in the log\n$/);
  await daemon.done(['stop', 'proved', '--force']);
  const found = JSON.parse(await daemon.done(['verify', 'proved', '-o', 'json']));
  expect(found).toMatchObject({ simulationId: 'proved', verdict: 'COMPLETE', reasons: [] });
  expect(await daemon.done(['verify', 'proved'])).toMatch(/^proved: COMPLETE: \d+ events/);
  const unknown = await daemon.shoal(['verify', 'nobody']);
  expect([unknown.exitCode, unknown.stdout]).toEqual([1, '']);
  expect(unknown.stderr).toContain('SIMULATION_NOT_FOUND');
});

test('events filters by key, with wildcards, and prints jsonl', async () => {
  await using events = daemon.begin([
    'events',
    '--key',
    'sim.agent_reward.v1',
    '--key',
    'sim.world_state.*',
    '-o',
    'jsonl',
  ]);
  await daemon.done(['start', 'fish', '--id', 'keys', '--wait']);
  await events.printed('"sim.agent_reward.v1"');
  await events.printed('"sim.world_state.v1"');
  events.child.kill('SIGINT');
  const { exitCode, stdout, stderr } = await events.ended;
  expect([exitCode, stderr]).toEqual([130, '']);
  const messages = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(new Set(messages.map(({ event }) => event.eventTypeKey))).toEqual(
    new Set(['sim.agent_reward.v1', 'sim.world_state.v1']),
  );
  expect(messages[0]).toMatchObject({
    event: {
      simulationId: 'keys',
      eventPayload: expect.stringMatching(/^[A-Za-z0-9+/]+=*$/),
      timestampNs: expect.stringMatching(/^\d{19}$/),
    },
    subject: expect.stringMatching(/^events\.simulation\.keys\./),
  });
});

test('events prints json and yaml as one document after another', async () => {
  await using json = daemon.begin(['events', 'docs', '--key', 'sim.world_state.v1', '-o', 'json']);
  await using yaml = daemon.begin(['events', 'docs', '--key', 'sim.world_state.v1', '-o', 'yaml']);
  await daemon.done(['start', 'fish', '--id', 'docs', '--wait']);
  await json.printed(/^\{\n {2}"event": \{\n/);
  await yaml.printed(/^---\nevent:\n {2}eventId: /);
  await daemon.done(['stop', 'docs']);
  expect((await json.ended).exitCode).toBe(0);
  expect((await yaml.ended).exitCode).toBe(0);
});

test('events reads the log: from its beginning, from a place, from a time, to its end', async () => {
  const read = async (args: readonly string[]) => {
    const lines = await daemon.done([...args, '--key', 'sim.world_state.v1', '-o', 'jsonl']);
    return lines === ''
      ? []
      : lines
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line));
  };
  const places = (messages: readonly { logSequence: string }[]) =>
    messages.map(({ logSequence }) => Number(logSequence));
  await daemon.done(['start', 'fish', '--id', 'past', '--label', 'era=past', '--paused', '--wait']);
  await daemon.done(['step', 'past', '--ticks', '3']);
  const all = await read(['events', 'past', '--from-beginning', '--no-follow']);
  expect(all.map(({ event }) => event.attributes.tick)).toEqual(['0', '1', '2', '3']);
  const [, , second = 0, third = 0] = places(all);
  expect(places(await read(['events', 'past', 'none', '--from', `${second}`, '--no-follow']))).toEqual([second, third]);
  expect(places(await read(['events', '--label', 'era=past', '--since', '1h', '--no-follow']))).toEqual(places(all));
  expect(await read(['events', 'past', '--since', '2100-01-01', '--no-follow'])).toEqual([]);
  const one = await read(['events', '--attribute', 'tick=2', 'past', '--from-beginning', '--no-follow']);
  expect(places(one)).toEqual([second]);
  const latest = ['events', 'past', '--from-beginning', '--no-follow', '--quality', 'sim.world_state.v1=latest'];
  expect(places(await read(latest))).toEqual(places(all).slice(-1));
  expect(places(await read([...latest, '--quality', '>=5hz']))).toEqual(places(all).slice(-1));
  const none = await daemon.shoal(['events', 'past', '--no-follow']);
  expect([none.exitCode, none.stdout, none.stderr]).toEqual([0, '', 'no events\n']);
});

test.each([
  [['events', '--from', '1', '--since', '1h'], /--from.*cannot be used with.*--since/],
  [['events', '--from-beginning', '--from', '1'], /--from-beginning.*cannot be used with.*--from/],
  [['events', '--since', 'yesterday'], /--since.*Expected how long ago/],
  [['events', '--since', '2026-13-01'], /--since.*Expected how long ago/],
  [['events', '--quality', 'sim.>=often'], /--quality.*Expected key=all, key=latest or key=RATEhz/],
  [['events', '--attribute', 'agent_id'], /--attribute.*Expected KEY=VALUE/],
])('%j is wrong usage', async (args, said) => {
  const { exitCode, stdout, stderr } = await daemon.shoal(args);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(said);
});

test('a key that is none is refused before anything is printed', async () => {
  const { exitCode, stdout, stderr } = await daemon.shoal(['events', '--key', 'sim.*x']);
  expect([exitCode, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^shoal: event_type_keys: .*\(INVALID_ARGUMENT\)\n$/);
});

test('logs prints the last lines, follows the next ones, and lets nothing steer the terminal', async () => {
  await daemon.done(['start', 'chatter', '--id', 'talk', '--wait']);
  await using follow = daemon.begin(['logs', 'talk', '--follow']);
  await follow.printed('trouble');
  await daemon.done(['stop', 'talk', '--force']);
  const { exitCode, stdout } = await follow.ended;
  expect(exitCode).toBe(0);
  expect(stdout).toContain('plain\n');
  expect(stdout).toContain('\\u{1b}[31mred\tand\\u{1b}[0m \\u{9b}bell\\u{7}\n');
  expect((await daemon.done(['logs', 'talk', '--tail', '1'])).trimEnd().split('\n')).toHaveLength(1);
  const jsonl = await daemon.done(['logs', 'talk', '-o', 'jsonl']);
  const lines = jsonl
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(lines).toContainEqual(expect.objectContaining({ line: 'trouble', stream: 'OUTPUT_STREAM_STDERR' }));
  expect(lines).toContainEqual(expect.objectContaining({ line: '\x1b[31mred\tand\x1b[0m \x9bbell\x07' }));
  expect(jsonl).not.toContain('\x9b');
  expect(await daemon.done(['logs', 'talk', '-o', 'yaml'])).not.toMatch(/[^\P{Cc}\n]/u);
});

test('logs marks a line that was cut', async () => {
  await daemon.done(['start', 'long', '--id', 'long', '--wait']);
  await using follow = daemon.begin(['logs', 'long', '-f']);
  await follow.printed(/^x{1,80} … \(cut\)\n/);
});

test('a reader that has seen enough ends the command quietly', async () => {
  await daemon.done(['start', 'fish', '--id', 'piped', '--wait']);
  const script = `"$0" -C source "$1" events piped | head -n 2; echo "status \${PIPESTATUS[0]}"`;
  const { PATH = '' } = process.env;
  const shell = spawn('bash', ['-c', script, process.execPath, resolve('src/main.ts')], {
    env: { PATH, SHOAL_ADDRESS: daemon.address },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  shell.stdout.on('data', (chunk) => (stdout += chunk));
  shell.stderr.on('data', (chunk) => (stderr += chunk));
  await once(shell, 'close');
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^\S+ {2}\S+ {2}piped .*\n\S+ {2}\S+ {2}piped .*\nstatus 0\n$/);
});

test('a daemon that goes away ends what follows it with 69', async () => {
  await using other = await ServedShoal.start({ workerTypes: [] });
  await using events = other.begin(['events', 'nobody-yet']);
  await using waiting = other.begin(['events', '-o', 'jsonl']);
  await events.connected(other.address);
  await waiting.connected(other.address);
  other.serve.child.kill('SIGKILL');
  for (const { exitCode, stderr } of await Promise.all([events.ended, waiting.ended])) {
    expect([exitCode, stderr]).toEqual([69, expect.stringMatching(/^shoal: (lost the daemon|no daemon answers) at /m)]);
  }
});

test('a daemon that stops gracefully ends the events of one run with 0, and those of all with 69', async () => {
  await using other = await ServedShoal.start({ workerTypes: [FISH] });
  await other.done(['start', 'fish', '--id', 'last', '--wait']);
  await using one = other.begin(['events', 'last']);
  await using all = other.begin(['events']);
  for (const follower of [one, all]) await follower.printed('sim.world_state.v1');
  other.serve.child.kill('SIGTERM');
  expect(await one.ended).toMatchObject({ exitCode: 0, stderr: '' });
  expect(await all.ended).toMatchObject({
    exitCode: 69,
    stderr: `shoal: the daemon at ${other.address} ended the call; it may be stopping\n`,
  });
});

test('events of a simulation that is not there says so, and waits for it', async () => {
  await using events = daemon.begin(['events', 'typo']);
  await events.said('shoal: there is no simulation typo yet; waiting for it');
  await events.connected(daemon.address);
  await daemon.done(['start', 'fish', '--id', 'typo', '--wait']);
  await events.printed(/ {2}typo {2}sim\./);
  await daemon.done(['stop', 'typo']);
  expect(await events.ended).toMatchObject({ exitCode: 0 });
  const odd = await daemon.shoal(['events', 'no id']);
  expect([odd.exitCode, odd.stderr]).toEqual([
    2,
    expect.stringMatching(/^shoal: simulation_id: .*\(INVALID_ARGUMENT\)\n$/),
  ]);
});

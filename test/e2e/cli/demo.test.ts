import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import { until } from '../../support/daemon/until.ts';
import { processesWith } from './processes.ts';
import { type Ended, ShoalProcess, shoal } from './shoal-process.ts';

/** Home and place of temporary files of the demo alone, by which all that it starts and leaves can be found. */
let home: string;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'shoal-demo-test-'));
});

afterEach(() => rm(home, { recursive: true, force: true }));

function environment(more: Readonly<Record<string, string>> = {}) {
  return { HOME: home, TMPDIR: home, ...more };
}

/** Whatever it starts has the same home: the workers by their allow-list, the server because it has it all. */
async function nothingIsLeft(demo: ShoalProcess): Promise<void> {
  expect(processesWith('HOME', home).filter((pid) => pid !== demo.child.pid)).toEqual([]);
  expect(await readdir(home)).toEqual([]);
}

test('in a pipe it prints plain lines, shows every command, ends by itself, and leaves nothing', async () => {
  await using demo = new ShoalProcess(['demo', '--for', '5s'], { environment: environment() });
  const { exitCode, stdout, stderr } = await demo.ended;
  expect([exitCode, stderr]).toEqual([0, '']);
  // Plain: no control bytes, no log in JSON.
  expect(stdout).not.toMatch(/[^\P{Cc}\n]|\{"/u);
  expect(stdout).toMatch(/^shoal demo: a daemon at 127\.0\.0\.1:\d+, messaging memory, for 5\.0 s\n/);
  for (const [command, outcome] of [
    ['shoal start fish --id reef --seed 1', 'RUNNING'],
    ['shoal pause lagoon', 'PAUSED at tick \\d+'],
    ['shoal step lagoon --ticks 5', 'PAUSED at tick \\d+'],
    ['shoal resume lagoon', 'RUNNING at tick \\d+'],
    ['shoal reset kelp --seed 42', 'RUNNING at tick 0'],
    ['agent action: fish-\\d+ of reef turns 90°', 'RUNNING at tick \\d+'],
    ['shoal stop reef lagoon kelp', 'STOPPED'],
  ]) {
    expect(stdout).toMatch(new RegExp(`\\d s {2}${command} +${outcome}, \\d+ ms\\n`));
  }
  expect(stdout).toMatch(/reef RUNNING tick \d+, [\d,]+ events\/s, \d+ agents \| lagoon \w+ tick \d+/);
  expect(stdout).toMatch(/reef +STOPPED +\d+ +\d+ +[\d,]+\n +lagoon +STOPPED .*\n +kelp +STOPPED/);
  expect(stdout).toContain('What next:');
  const [paused, stepped] = ['pause lagoon', 'step lagoon --ticks 5'].map((command) => {
    return Number(new RegExp(`${command} +PAUSED at tick (\\d+)`).exec(stdout)?.[1]);
  });
  expect(stepped).toBe((paused ?? 0) + 5);
  await nothingIsLeft(demo);
});

test('two demos run beside each other', async () => {
  const both = [1, 2].map(() => shoal(['demo', '--for', '2s'], { environment: environment() }));
  for (const { exitCode, stderr } of await Promise.all(both)) expect([exitCode, stderr]).toEqual([0, '']);
});

test('--nats runs over a real server, and stops it', async () => {
  const found = inject('natsServer').path;
  await using demo = new ShoalProcess(['demo', '--nats', '--for', '3s'], {
    environment: environment({ NATS_SERVER_BIN: found }),
  });
  await demo.printed(/messaging nats \d+\.\d+\.\d+/);
  const { exitCode, stdout, stderr } = await demo.ended;
  expect([exitCode, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/shoal stop reef lagoon kelp +STOPPED/);
  await nothingIsLeft(demo);
});

test('--nats without a server says how to get one', async () => {
  const { exitCode, stdout, stderr } = await shoal(['demo', '--nats'], { environment: environment({ PATH: home }) });
  expect([exitCode, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(
    /^shoal: messaging.nats.managed: found no nats-server, by NATS_SERVER_BIN or in PATH. Get one.*\n.*apt-get install nats-server/,
  );
  expect(await readdir(home)).toEqual([]);
});

test('--nats with a server that does not start says so', async () => {
  const { exitCode, stderr } = await shoal(['demo', '--nats'], {
    environment: environment({ NATS_SERVER_BIN: '/bin/false' }),
  });
  expect([exitCode, stderr]).toEqual([1, expect.stringContaining('/bin/false did not start')]);
  expect(await readdir(home)).toEqual([]);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s ends it early and tidily', async (signal) => {
  await using demo = new ShoalProcess(['demo', '--for', '10m'], { environment: environment() });
  await until('all three run', () => (demo.stdout.match(/RUNNING, \d+ ms/g) ?? []).length === 3);
  expect(processesWith('HOME', home)).toHaveLength(1 + 3);
  demo.child.kill(signal);
  const { exitCode, stdout, stderr } = await demo.ended;
  expect([exitCode, stderr]).toEqual([130, '']);
  expect(stdout).toMatch(/shoal stop reef lagoon kelp +STOPPED/);
  await nothingIsLeft(demo);
});

test('a signal while it starts, and many of them, leave nothing either', async () => {
  await using early = new ShoalProcess(['demo'], { environment: environment() });
  await until('its folder', async () => (await readdir(home)).length > 0);
  early.child.kill('SIGINT');
  expect((await early.ended).exitCode).toBe(130);
  await nothingIsLeft(early);
  await using hasty = new ShoalProcess(['demo'], { environment: environment() });
  await hasty.printed(/shoal start fish/);
  hasty.child.kill('SIGINT');
  expect((await hasty.insist('SIGTERM')).exitCode).toBe(130);
  await nothingIsLeft(hasty);
});

test('it ends when nobody reads it any more', async () => {
  await using demo = new ShoalProcess(['demo', '--for', '10m'], { environment: environment() });
  await demo.printed('shoal demo');
  demo.child.stdout?.destroy();
  const { exitCode, stderr } = (await demo.ended) satisfies Ended;
  expect([exitCode, stderr]).toEqual([0, '']);
  await nothingIsLeft(demo);
});

import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PseudoTerminal } from '../../../scripts/recording/pseudo-terminal.ts';
import { HostileDaemon } from './hostile-daemon.ts';
import { shoal } from './shoal-process.ts';

let daemon: HostileDaemon;

beforeAll(async () => {
  daemon = await HostileDaemon.start();
});

afterAll(() => daemon[Symbol.asyncDispose]());

const COMMANDS = [
  ['start', 'x', '--wait'],
  ['ls'],
  ['get', 'x'],
  ['pause', '\x1b[31mx'],
  ['stop', 'x', 'y'],
  ['events'],
  ['events', 'x'],
  ['logs', 'x'],
  ['plugins'],
  ['version'],
];

/** What a terminal would obey or hide, or a line that somebody else began. */
function expectHarmless(text: string): void {
  expect(text).not.toMatch(/[^\P{C}\n\t]/u);
  expect(text).not.toMatch(/^shoal: all is well/m);
}

test.concurrent.each(
  COMMANDS.flatMap((args) => ['table', 'json', 'jsonl', 'yaml'].map((form) => [args, form] as const)),
)('nothing that a daemon says through %j -o %s can steer a terminal', async (args, form) => {
  const { stdout, stderr } = await shoal([...args, '-o', form], { environment: { SHOAL_ADDRESS: daemon.address } });
  expectHarmless(stdout);
  expectHarmless(stderr);
  expect(stdout + stderr).toMatch(/evil/);
});

test.concurrent.each(COMMANDS)('nor can what a daemon says when %s %s fails', async (...args) => {
  await using failing = await HostileDaemon.start({ failing: true });
  const words = args.filter((word) => word !== undefined);
  const { exitCode, stdout, stderr } = await shoal(words, { environment: { SHOAL_ADDRESS: failing.address } });
  expect([exitCode, stdout]).toEqual([1, '']);
  expectHarmless(stderr);
  expect(stderr).toMatch(/evil/);
});

test.each([
  ['colours on a terminal', {}, true],
  ['none with NO_COLOR', { NO_COLOR: '1' }, false],
  ['none on a terminal that is dumb', { TERM: 'dumb' }, false],
])('there are %s', async (_name, environment, colours) => {
  for (const args of [['--help'], ['version', '--address', daemon.address]]) {
    let output = '';
    const terminal = new PseudoTerminal([process.execPath, '-C', 'source', resolve('src/main.ts'), ...args], {
      columns: 100,
      rows: 24,
      environment: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...environment },
      onOutput: (text) => {
        output += text;
      },
    });
    expect(await terminal.exited()).toBe(0);
    expect(output).toMatch(/shoal/);
    expect(output.includes('\x1b[')).toBe(colours);
  }
});

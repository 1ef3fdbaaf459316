import { execFileSync } from 'node:child_process';
import { readlinkSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { PseudoTerminal } from '../../../scripts/recording/pseudo-terminal.ts';
import { TerminalScreen } from '../../../scripts/recording/terminal-screen.ts';
import { processesWith } from '../../e2e/cli/processes.ts';
import { COMPILE_CACHE } from '../../support/compile-cache.ts';
import { until } from '../../support/daemon/until.ts';

let home: string;
let terminal: PseudoTerminal | undefined;

beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'shoal-screen-test-'));
});

afterEach(async () => {
  terminal?.kill();
  await rm(home, { recursive: true, force: true });
});

test('on a terminal it redraws in place, and gives the terminal back with a summary', async () => {
  const { screen, pictures } = show(['demo', '--for', '5s'], { columns: 100, rows: 24 });
  expect(await terminal?.exited()).toBe(0);
  const live = pictures.filter((text) => text.startsWith('shoal demo'));
  // In place: the head is always the first line, and only the summary behind it is something else.
  expect(live.length).toBeGreaterThan(10);
  expect(pictures.slice(0, live.length)).toEqual(live);
  for (const last of pictures.slice(live.length)) expect(last).toMatch(/^ {2}SIMULATION/);
  expect(live.some((text) => /lagoon +PAUSED/.test(text))).toBe(true);
  expect(live.some((text) => /reef +RUNNING +\d+ +\d+ +[\d,]+ +[\d,]+ {2}[▁-█]+/.test(text))).toBe(true);
  expect(live.at(-1)).toMatch(/shoal step lagoon --ticks 5 +PAUSED at tick \d+/);
  expect([screen.onAlternateScreen, screen.cursorVisible]).toEqual([false, true]);
  expect(screen.text()).toMatch(/reef +STOPPED[\s\S]+shoal stop reef lagoon kelp +STOPPED[\s\S]+What next:/);
  expect(coloursOf(screen)).not.toEqual([]);
  expect(await readdir(home)).toEqual([]);
});

test.each(['\x03', 'q'])('%j ends it and gives the terminal back', async (key) => {
  const { screen } = show(['demo', '--for', '10m'], { columns: 100, rows: 24 });
  await until('the runs are up', () => /kelp +RUNNING/.test(screen.text()));
  expect([screen.onAlternateScreen, screen.cursorVisible]).toEqual([true, false]);
  terminal?.type(key);
  expect(await terminal?.exited()).toBe(130);
  expect([screen.onAlternateScreen, screen.cursorVisible]).toEqual([false, true]);
  expect(screen.text()).toMatch(/kelp +STOPPED/);
  expect(processesWith('HOME', home)).toEqual([]);
});

test('it fits any terminal, also one that changes its size', async () => {
  const { resized } = show(['demo', '--for', '10m'], { columns: 50, rows: 8 });
  const small = resized(50, 8);
  await until('a picture', () => small.text().includes('lagoon'));
  expect(small.text().split('\n')[0]).toMatch(/^shoal demo {2}daemon at/);
  const [pid = 0] = processesWith('HOME', home).filter((pid) => link(`/proc/${pid}/fd/0`).startsWith('/dev/pts/'));
  const large = resized(90, 30);
  execFileSync('stty', ['-F', link(`/proc/${pid}/fd/0`), 'rows', '30', 'cols', '90']);
  const head = /^shoal demo {2}daemon at \S+ {2}messaging memory {2}\d/;
  await until('the whole picture', () => head.test(large.text()) && large.text().includes('Ctrl-C ends it.'));
  terminal?.type('q');
  expect(await terminal?.exited()).toBe(130);
});

test('NO_COLOR is heard', async () => {
  const { screen } = show(['demo', '--for', '2s'], { columns: 100, rows: 24, environment: { NO_COLOR: '1' } });
  expect(await terminal?.exited()).toBe(0);
  expect(coloursOf(screen)).toEqual([]);
});

test('a terminal that can do nothing gets plain lines', async () => {
  const { screen, pictures } = show(['demo', '--for', '2s'], { columns: 120, rows: 60, environment: { TERM: 'dumb' } });
  expect(await terminal?.exited()).toBe(0);
  expect(screen.text()).toMatch(/^shoal demo: a daemon at/);
  expect(pictures.at(-1)).toContain('What next:');
});

interface Show {
  readonly columns: number;
  readonly rows: number;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the command on a terminal; `pictures` are all that was to be seen on it, one after the other. */
function show(args: readonly string[], { columns, rows, environment = {} }: Show) {
  const screens = [new TerminalScreen(columns, rows)];
  const pictures: string[] = [];
  const [screen] = screens as [TerminalScreen];
  terminal = new PseudoTerminal([process.execPath, '-C', 'source', resolve('src/main.ts'), ...args], {
    columns,
    rows,
    environment: { PATH: process.env['PATH'] ?? '', HOME: home, TMPDIR: home, ...COMPILE_CACHE, ...environment },
    onOutput(text) {
      for (const each of screens) each.write(text);
      const picture = screen.text();
      if (!screen.updating && picture !== '' && picture !== pictures.at(-1)) pictures.push(picture);
    },
  });
  return {
    screen,
    pictures,
    /** A terminal of another size that sees what comes from now on. */
    resized(toColumns: number, toRows: number): TerminalScreen {
      const another = new TerminalScreen(toColumns, toRows);
      screens.push(another);
      return another;
    },
  };
}

function coloursOf(screen: TerminalScreen): number[] {
  return screen
    .picture()
    .flat()
    .flatMap(({ style }) => style.colour ?? []);
}

function link(path: string): string {
  return readlinkSync(path);
}

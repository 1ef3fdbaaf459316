/**
 * Records `shoal demo` for the README: runs it on a pseudo terminal, follows the bytes that it writes as a terminal would,
 * and writes what was to be seen as an animated SVG.
 *
 *   node scripts/record-demo.ts [FILE]      default: docs/demo.svg
 */
import { writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PseudoTerminal } from './recording/pseudo-terminal.ts';
import { type Frame, svgAnimation } from './recording/svg-animation.ts';
import { TerminalScreen } from './recording/terminal-screen.ts';

const SIZE = { columns: 104, rows: 24 };
const DEMO_LENGTH = '16s';
/** A picture is taken at most this often: enough to see it live, and little enough for a README. */
const FRAME_MS = 500;
/** How long the end is to be read. */
const LAST_FRAME_MS = 6_000;

const root = join(import.meta.dirname, '..');
const file = resolve(process.argv[2] ?? join(root, 'docs', 'demo.svg'));

const screen = new TerminalScreen(SIZE.columns, SIZE.rows);
const frames: Frame[] = [];
let shown = '';

function takePicture(): void {
  const text = screen.text();
  if (screen.updating || text === '' || text === shown) return;
  shown = text;
  frames.push({ atMs: performance.now(), picture: screen.picture() });
}

const { PATH = '', HOME = '' } = process.env;
const command = [process.execPath, '-C', 'source', join(root, 'src', 'main.ts'), 'demo', '--for', DEMO_LENGTH];
const terminal = new PseudoTerminal(command, {
  ...SIZE,
  environment: { PATH, HOME },
  onOutput(text) {
    screen.write(text);
    const last = frames.at(-1);
    if (last === undefined || performance.now() - last.atMs >= FRAME_MS) takePicture();
  },
});
const exitCode = await terminal.exited();
takePicture();
if (exitCode !== 0) throw new Error(`the demo exited ${exitCode}:\n${screen.text()}`);
const end = performance.now() + LAST_FRAME_MS;
writeFileSync(
  file,
  svgAnimation(frames, end, 'shoal demo: three simulations, their events, and commands given to them'),
);
console.log(`${file}: ${frames.length} pictures\n${screen.text()}`);

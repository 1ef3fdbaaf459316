import { type CliHost, COMMAND } from '../cli-host.ts';
import { hasColours, type Style, styleOf } from '../style.ts';
import { cutToWidth } from './ansi.ts';
import type { Board } from './board.ts';
import { boardTable, commandLine, seconds } from './board-view.ts';
import type { DemoFacts, Reporter } from './reporter.ts';

/** The alternate screen, so that what was on the terminal comes back; no cursor. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[2J';
const LEAVE = '\x1b[?25h\x1b[?1049l';
/** Terminals that know it show everything between the two at once; others ignore it. */
const [BEGIN_UPDATE, END_UPDATE] = ['\x1b[?2026h', '\x1b[?2026l'];
const HOME = '\x1b[H';
const CLEAR_TO_LINE_END = '\x1b[K';
const CLEAR_BELOW = '\x1b[J';

const CTRL_C = '\x03';

/** Redraws the terminal in place, overwriting what is there, so that nothing flickers. */
export class ScreenReporter implements Reporter {
  readonly #host: CliHost;
  readonly #style: Style;
  #facts: DemoFacts | undefined;
  #board: Board | undefined;
  #elapsedMs = 0;
  #shown = '';
  #open = false;

  constructor(host: CliHost) {
    this.#host = host;
    this.#style = styleOf(hasColours(host.stdout, host.environment));
  }

  begin(facts: DemoFacts, board: Board): void {
    this.#facts = facts;
    this.#board = board;
    const { stdin, stdout } = this.#host;
    this.#open = true;
    stdout.write(ENTER);
    stdout.on('resize', this.#resized);
    process.on('exit', this.#leave);
    if (!stdin.isTTY) return;
    // Keys would be echoed into the picture; in raw mode Ctrl-C is a key as well.
    stdin.setRawMode(true);
    stdin.on('data', this.#typed);
  }

  show(elapsedMs: number): void {
    this.#elapsedMs = elapsedMs;
    if (!this.#open) return;
    const { columns = 80, rows = 24 } = this.#host.stdout;
    const lines = this.#lines()
      .slice(0, rows)
      .map((line) => cutToWidth(line, columns));
    const picture = HOME + lines.map((line) => line + CLEAR_TO_LINE_END).join('\r\n') + CLEAR_BELOW;
    if (picture === this.#shown) return;
    this.#shown = picture;
    this.#host.stdout.write(BEGIN_UPDATE + picture + END_UPDATE);
  }

  commandDone(): void {
    this.show(this.#elapsedMs);
  }

  end(): void {
    const { stdin, stdout } = this.#host;
    stdout.off('resize', this.#resized);
    if (stdin.isTTY) {
      stdin.off('data', this.#typed);
      stdin.setRawMode(false);
      stdin.pause();
    }
    this.#leave();
    process.off('exit', this.#leave);
  }

  readonly #leave = (): void => {
    if (this.#open) this.#host.stdout.write(LEAVE);
    this.#open = false;
  };

  readonly #resized = (): void => {
    this.#shown = '';
    this.#host.stdout.write('\x1b[2J');
    this.show(this.#elapsedMs);
  };

  readonly #typed = (keys: Buffer): void => {
    const text = keys.toString();
    if (text.includes(CTRL_C) || text.includes('q')) this.#host.interrupts.raise('SIGINT');
  };

  #lines(): string[] {
    const { bold, dim, cyan } = this.#style;
    const [facts, board] = [this.#facts, this.#board];
    if (facts === undefined || board === undefined) return [];
    const time = `${seconds(Math.min(this.#elapsedMs, facts.lengthMs))} of ${seconds(facts.lengthMs)}`;
    const phase = board.phase === 'running' ? time : `${board.phase} …`;
    const table = boardTable(this.#style, board, { sparks: true }).split('\n');
    return [
      `${bold(cyan('shoal demo'))}  daemon at ${facts.address}  ${dim('messaging')} ${facts.messaging}  ${dim(phase)}`,
      '',
      ...table.map((line) => `  ${line}`),
      '',
      ...board.commands.map((command) => `  ${commandLine(this.#style, command)}`),
      '',
      dim(`  Ctrl-C ends it. Meanwhile, elsewhere: ${COMMAND} ls --address ${facts.address}`),
    ];
  }
}

import type { CliHost } from '../cli-host.ts';
import { styleOf } from '../style.ts';
import type { Board, BoardCommand } from './board.ts';
import { commandLine, seconds, statusLine } from './board-view.ts';
import type { DemoFacts, Reporter } from './reporter.ts';

const STATUS_EVERY_MS = 2_000;

/** Plain lines, in the order in which things happen. */
export class LineReporter implements Reporter {
  readonly #host: CliHost;
  #board: Board | undefined;
  #nextStatusMs = STATUS_EVERY_MS;

  constructor(host: CliHost) {
    this.#host = host;
  }

  begin({ address, messaging, lengthMs }: DemoFacts, board: Board): void {
    this.#board = board;
    this.#line(`shoal demo: a daemon at ${address}, messaging ${messaging}, for ${seconds(lengthMs)}`);
  }

  show(elapsedMs: number): void {
    if (this.#board === undefined || elapsedMs < this.#nextStatusMs) return;
    while (this.#nextStatusMs <= elapsedMs) this.#nextStatusMs += STATUS_EVERY_MS;
    this.#line(`${seconds(elapsedMs).padStart(6)}  ${statusLine(this.#board)}`);
  }

  commandDone(command: BoardCommand): void {
    this.#line(commandLine(styleOf(false), command));
  }

  end(): void {}

  #line(text: string): void {
    this.#host.stdout.write(`${text}\n`);
  }
}

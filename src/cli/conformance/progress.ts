import type { CheckResult } from '../../conformance/report.ts';
import type { CliHost } from '../cli-host.ts';
import { note } from '../note.ts';

const CLEAR_LINE = '\r\x1b[2K';

/** Tells on stderr how far it is: on a terminal in one line that goes again, else a line for each check that fails. */
export class Progress {
  readonly #host: CliHost;
  readonly #isTerminal: boolean;

  constructor(host: CliHost) {
    this.#host = host;
    this.#isTerminal = host.stderr.isTTY === true;
  }

  tell({ id, outcome }: CheckResult, done: number, total: number): void {
    if (this.#isTerminal) this.#host.stderr.write(`${CLEAR_LINE}${done}/${total}  ${id}`);
    else if (outcome === 'failed') note(this.#host, `${id} failed`);
  }

  end(): void {
    if (this.#isTerminal) this.#host.stderr.write(CLEAR_LINE);
  }
}

import type { LaunchObserver, OutputLine, WorkerExit } from '../../../src/ports/worker-launcher.ts';

/** Keeps what a launcher tells of one worker, and lets a test wait for it. */
export class RecordingObserver implements LaunchObserver {
  readonly lines: OutputLine[] = [];
  readonly exits: WorkerExit[] = [];
  #waiting: (() => void)[] = [];

  onOutput(line: OutputLine): void {
    this.lines.push(line);
    this.#wake();
  }

  onExit(exit: WorkerExit): void {
    this.exits.push(exit);
    this.#wake();
  }

  texts(stream: OutputLine['stream'] = 'stdout'): string[] {
    return this.lines.filter((line) => line.stream === stream).map(({ text }) => text);
  }

  exit(): Promise<WorkerExit> {
    return this.#until(() => this.exits[0], 'the exit');
  }

  /** The first line of either stream that begins with `prefix`; fails when the worker exits without it. */
  line(prefix: string): Promise<string> {
    const find = () => this.lines.find(({ text }) => text.startsWith(prefix))?.text;
    return this.#until(() => {
      const found = find();
      if (found === undefined && this.exits.length > 0)
        throw new Error(`exited without a line ${prefix}: ${JSON.stringify(this.lines)}`);
      return found;
    }, `a line that begins with ${prefix}`);
  }

  async #until<T>(find: () => T | undefined, what: string): Promise<T> {
    const deadline = Date.now() + 20_000;
    for (;;) {
      const found = find();
      if (found !== undefined) return found;
      if (Date.now() > deadline)
        throw new Error(`waited 20 s for ${what}; heard ${JSON.stringify(this.lines.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, 1_000);
        this.#waiting.push(() => {
          clearTimeout(timer);
          resolve();
        });
      });
    }
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

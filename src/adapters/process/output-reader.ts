import type { Readable } from 'node:stream';
import { type LineSink, LineSplitter } from './line-splitter.ts';

/** What a pipe can hold (some 200 kB) is read in fewer chunks; who still writes after them is not the process that has exited. */
const MAX_LEFTOVER_READS = 64;

/**
 * Reads one output stream of a process to lines, always: a pipe that nobody reads would block the process.
 *
 * One chunk is taken per turn of the event loop, so that a process that floods its output slows itself down, not the daemon.
 */
export class OutputReader {
  readonly #stream: Readable;
  readonly #splitter: LineSplitter;
  #chunks = 0;
  #ended = false;
  #onEnd: () => void = () => {};

  constructor(stream: Readable, maxLineBytes: number, sink: LineSink) {
    this.#stream = stream;
    this.#splitter = new LineSplitter(maxLineBytes, sink);
    stream.on('data', (chunk: Buffer) => {
      this.#chunks++;
      this.#splitter.push(chunk);
      stream.pause();
      setImmediate(() => stream.resume());
    });
    // A pipe that breaks is one that has ended: the process's exit tells what there is to tell.
    for (const event of ['end', 'error', 'close']) stream.on(event, () => this.#end());
  }

  /**
   * Resolves when the stream has ended, or, after `boundMs`, when all that is already in the pipe has been read; a grandchild may hold
   * the pipe open for ever. Nothing is heard afterwards.
   */
  async drain(boundMs: number): Promise<void> {
    await this.#endWithin(boundMs);
    for (let reads = 0; !this.#ended && reads < MAX_LEFTOVER_READS; reads++) {
      const before = this.#chunks;
      await twoTurns();
      if (this.#chunks === before) break;
    }
    this.#end();
    this.#stream.removeAllListeners('data');
    this.#stream.destroy();
  }

  #endWithin(boundMs: number): Promise<void> {
    if (this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, boundMs);
      this.#onEnd = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#splitter.end();
    this.#onEnd();
  }
}

/** In two turns of the event loop a paused stream resumes and reads once. */
async function twoTurns(): Promise<void> {
  for (let turn = 0; turn < 2; turn++) await new Promise((resolve) => setImmediate(resolve));
}

import { closeSync, fstatSync, ftruncateSync, readSync } from 'node:fs';
import { type LineSink, LineSplitter } from './line-splitter.ts';

const CHUNK_BYTES = 64 * 1024;

/** Read between two turns of the event loop: well under 10 ms, lines and all. */
const MAX_LOOK_BYTES = 1024 * 1024;

/** A file that has been read to its end is emptied when it is larger; of an older part nothing is read. */
const KEPT_BYTES = 256 * 1024;

/** What is written faster than it is read is skipped, so that the file does not fill the disk. */
const MAX_UNREAD_BYTES = 4 * 1024 * 1024;

/**
 * Follows a file to which a worker appends its output. It begins with the last 256 KiB that are there: what a daemon before has
 * read died with that daemon, and shows again. Nobody tells when there is more: {@link look} is called now and then.
 *
 * What is written in the instant in which the file is emptied, between the last read and the truncation, is lost.
 */
export class OutputFollower {
  readonly #file: number;
  readonly #splitter: LineSplitter;
  readonly #sink: LineSink;
  readonly #chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  #offset: number;
  /** The offset is in the middle of a line, whose rest is not heard. */
  #isWithinLine: boolean;
  #isClosed = false;

  /** @param file descriptor for reading and writing; closed by {@link drain} */
  constructor(file: number, maxLineBytes: number, sink: LineSink) {
    this.#file = file;
    this.#sink = sink;
    this.#splitter = new LineSplitter(maxLineBytes, sink);
    this.#offset = Math.max(0, fstatSync(file).size - KEPT_BYTES);
    this.#isWithinLine = this.#offset > 0;
  }

  look(): void {
    if (this.#isClosed) return;
    const { size } = fstatSync(this.#file);
    // Somebody else has emptied it.
    if (size < this.#offset) this.#offset = 0;
    if (size - this.#offset > MAX_UNREAD_BYTES) this.#skip(size);
    this.#read(MAX_LOOK_BYTES);
    if (this.#offset > KEPT_BYTES && fstatSync(this.#file).size === this.#offset) this.#empty();
  }

  /** Reads what is left, and ends: the worker has gone. */
  async drain(): Promise<void> {
    if (this.#isClosed) return;
    this.look();
    while (this.#read(MAX_LOOK_BYTES) > 0) await new Promise((resolve) => setImmediate(resolve));
    this.#splitter.end();
    this.close();
  }

  /** Ends without a word: the worker goes on, and another daemon may follow. */
  close(): void {
    if (!this.#isClosed) closeSync(this.#file);
    this.#isClosed = true;
  }

  #read(maxBytes: number): number {
    let total = 0;
    while (!this.#isClosed && total < maxBytes) {
      const bytes = readSync(this.#file, this.#chunk, 0, CHUNK_BYTES, this.#offset);
      if (bytes === 0) break;
      this.#offset += bytes;
      total += bytes;
      this.#push(this.#chunk.subarray(0, bytes));
    }
    return total;
  }

  /** The splitter keeps no part of the chunk: it is used again. */
  #push(chunk: Buffer): void {
    const from = this.#isWithinLine ? chunk.indexOf('\n') + 1 : 0;
    if (this.#isWithinLine && from === 0) return;
    this.#isWithinLine = false;
    this.#splitter.push(chunk.subarray(from));
  }

  #skip(size: number): void {
    const from = size - KEPT_BYTES;
    this.#splitter.end();
    this.#sink(`[${from - this.#offset} bytes of output were skipped: they came faster than they are read]`, true);
    this.#offset = from;
    this.#isWithinLine = true;
  }

  #empty(): void {
    ftruncateSync(this.#file, 0);
    this.#offset = 0;
  }
}

import { StringDecoder } from 'node:string_decoder';

/** Hears each line without its end; `truncated` when it was longer than the limit and is cut. */
export type LineSink = (text: string, truncated: boolean) => void;

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/**
 * Splits a stream of bytes into lines, in memory bounded by `maxLineBytes` whatever comes.
 *
 * Lines end with `\n` or `\r\n`. A longer one is given up to the limit (never cutting a character in two) as soon as it passes
 * it, and its rest is skipped. Bytes that are not UTF-8 become U+FFFD.
 */
export class LineSplitter {
  readonly #maxLineBytes: number;
  readonly #sink: LineSink;
  /** The beginning of a line whose end has not come; copied, so that it does not keep a whole chunk alive. */
  #partial: Buffer = Buffer.alloc(0);
  #partialBytes = 0;
  #skipping = false;

  constructor(maxLineBytes: number, sink: LineSink) {
    this.#maxLineBytes = maxLineBytes;
    this.#sink = sink;
  }

  push(chunk: Buffer): void {
    let from = 0;
    while (from < chunk.length) {
      const newline = chunk.indexOf(NEWLINE, from);
      if (newline === -1) {
        this.#keep(chunk.subarray(from));
        return;
      }
      this.#line(chunk.subarray(from, newline));
      from = newline + 1;
    }
  }

  /** The stream is at its end: gives a last line that has no newline. */
  end(): void {
    if (this.#partialBytes > 0) this.#emitLine(this.#partial.subarray(0, this.#partialBytes));
    this.#reset();
  }

  #line(rest: Buffer): void {
    if (this.#skipping) {
      this.#reset();
      return;
    }
    if (this.#partialBytes === 0) {
      this.#emitLine(rest);
      return;
    }
    this.#keep(rest);
    if (!this.#skipping) this.#emitLine(this.#partial.subarray(0, this.#partialBytes));
    this.#reset();
  }

  #emitLine(line: Buffer): void {
    const bytes = line.at(-1) === CARRIAGE_RETURN ? line.subarray(0, -1) : line;
    if (bytes.length > this.#maxLineBytes) this.#emit(bytes.subarray(0, this.#maxLineBytes), true);
    else this.#emit(bytes, false);
  }

  /** Takes bytes of an unfinished line. One byte over the limit is kept: it may be the `\r` of the line's end. */
  #keep(bytes: Buffer): void {
    if (this.#skipping) return;
    const room = this.#maxLineBytes + 1 - this.#partialBytes;
    const taken = bytes.subarray(0, room);
    this.#grow(this.#partialBytes + taken.length);
    taken.copy(this.#partial, this.#partialBytes);
    this.#partialBytes += taken.length;
    const mayStillFit =
      this.#partialBytes <= this.#maxLineBytes ||
      (bytes.length <= room && this.#partial[this.#partialBytes - 1] === CARRIAGE_RETURN);
    if (mayStillFit) return;
    this.#emit(this.#partial.subarray(0, this.#maxLineBytes), true);
    this.#reset();
    this.#skipping = true;
  }

  #grow(bytes: number): void {
    if (bytes <= this.#partial.length) return;
    const bigger = Buffer.allocUnsafe(Math.min(Math.max(bytes, this.#partial.length * 2, 256), this.#maxLineBytes + 1));
    this.#partial.copy(bigger, 0, 0, this.#partialBytes);
    this.#partial = bigger;
  }

  #emit(bytes: Buffer, truncated: boolean): void {
    // The decoder holds a character back that the cut has halved.
    this.#sink(truncated ? new StringDecoder('utf8').write(bytes) : bytes.toString('utf8'), truncated);
  }

  #reset(): void {
    this.#partialBytes = 0;
    this.#skipping = false;
  }
}

import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { OutputReader } from '../../../src/adapters/process/output-reader.ts';

/** A pipe that holds `lines` already and that nobody closes; reading a line takes `readMs`. */
function openPipe(lines: number, readMs: number): Readable {
  let given = 0;
  return new Readable({
    read() {
      if (given === lines) return;
      const until = performance.now() + readMs;
      while (performance.now() < until);
      this.push(`${++given}\n`);
    },
  });
}

describe('draining the output of a process that has exited', () => {
  it('reads what is already in an open pipe, though the bound has passed', async () => {
    const texts: string[] = [];
    const reader = new OutputReader(openPipe(50, 2), 100, (text) => texts.push(text));
    await reader.drain(5);
    expect(texts).toEqual(Array.from({ length: 50 }, (_, at) => String(at + 1)));
  });

  it('does not wait for ever on a pipe that somebody else floods, and then hears nothing more', async () => {
    let lines = 0;
    const stream = openPipe(Number.POSITIVE_INFINITY, 0);
    const reader = new OutputReader(stream, 100, () => lines++);
    await reader.drain(5);
    const heard = lines;
    expect(stream.destroyed).toBe(true);
    await new Promise((resolve) => setImmediate(resolve));
    expect(lines).toBe(heard);
  });

  it('resolves as soon as the pipe ends, with its last line', async () => {
    const texts: string[] = [];
    const reader = new OutputReader(Readable.from([Buffer.from('a\nb')]), 100, (text) => texts.push(text));
    await reader.drain(60_000);
    expect(texts).toEqual(['a', 'b']);
  });

  it('takes a broken pipe for its end', async () => {
    const stream = openPipe(1, 0);
    const texts: string[] = [];
    const reader = new OutputReader(stream, 100, (text) => texts.push(text));
    stream.once('data', () => stream.destroy(new Error('ECONNRESET')));
    await reader.drain(60_000);
    expect(texts).toEqual(['1']);
  });
});

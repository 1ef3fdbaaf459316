import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { LineSplitter } from '../../../src/adapters/process/line-splitter.ts';

type Line = [text: string, truncated: boolean];

function split(chunks: readonly Uint8Array[], maxLineBytes: number): Line[] {
  const lines: Line[] = [];
  const splitter = new LineSplitter(maxLineBytes, (text, truncated) => lines.push([text, truncated]));
  for (const chunk of chunks) splitter.push(Buffer.from(chunk));
  splitter.end();
  return lines;
}

/** What the splitter promises, said over the whole output at once. */
function model(output: Buffer, maxLineBytes: number): Line[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let at = 0; at < output.length; at++) {
    if (output[at] !== 0x0a) continue;
    lines.push(output.subarray(from, at));
    from = at + 1;
  }
  if (from < output.length) lines.push(output.subarray(from));
  return lines.map((line) => {
    const text = line.at(-1) === 0x0d ? line.subarray(0, -1) : line;
    if (text.length <= maxLineBytes) return [text.toString('utf8'), false];
    // A stream decoder keeps an unfinished character back.
    return [
      new TextDecoder('utf-8', { ignoreBOM: true }).decode(text.subarray(0, maxLineBytes), { stream: true }),
      true,
    ];
  });
}

const pieces = fc.array(
  fc.oneof(fc.constantFrom('\n', '\r\n', '\r', '', '🐟', 'ü'), fc.string({ maxLength: 12, unit: 'binary' })),
  { maxLength: 40 },
);

describe('the line splitter', () => {
  it('gives the same lines however the output is cut into chunks', () => {
    fc.assert(
      fc.property(
        pieces,
        fc.integer({ min: 1, max: 12 }),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        (texts, max, sizes) => {
          const output = Buffer.from(texts.join(''));
          const chunks: Buffer[] = [];
          for (let at = 0, n = 0; at < output.length; n++) {
            const size = sizes[n % sizes.length] ?? 1;
            chunks.push(output.subarray(at, at + size));
            at += size;
          }
          expect(split(chunks, max)).toEqual(model(output, max));
        },
      ),
      { numRuns: 1_000 },
    );
  });

  it('takes any bytes, and no line is longer than the limit', () => {
    fc.assert(
      fc.property(
        fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 10 }),
        fc.integer({ min: 1, max: 16 }),
        (chunks, max) => {
          for (const [text] of split(chunks, max)) expect(text.length).toBeLessThanOrEqual(max);
        },
      ),
    );
  });

  it('gives a line that is too long before its end has come', () => {
    const lines: Line[] = [];
    const splitter = new LineSplitter(4, (text, truncated) => lines.push([text, truncated]));
    splitter.push(Buffer.from('abcdef'));
    expect(lines).toEqual([['abcd', true]]);
    splitter.push(Buffer.from('ghi\nnext\n'));
    expect(lines.slice(1)).toEqual([['next', false]]);
  });

  it.each<[string, Line[]]>([
    ['abcd\r\n', [['abcd', false]]],
    ['abc\r\r\n', [['abc\r', false]]],
    [
      '\n\n',
      [
        ['', false],
        ['', false],
      ],
    ],
    ['aüü\n', [['aü', true]]],
    ['', []],
  ])('splits %j', (text, expected) => {
    expect(split([Buffer.from(text)], 4)).toEqual(expected);
  });
});

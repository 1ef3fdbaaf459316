import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { describeExit } from '../../../../src/domain/supervision/exit-description.ts';
import { OutputTail } from '../../../../src/domain/supervision/output-tail.ts';
import type { OutputLine } from '../../../../src/ports/worker-launcher.ts';

function line(text: string): OutputLine {
  return { stream: 'stdout', text, timeMs: 0, truncated: false };
}

describe('the description of an exit', () => {
  test.each([
    [{ code: 3, durationMs: 120 }, ['a', 'b'], undefined, 'exited 3 after 120 ms; last lines: a | b'],
    [{ signal: 'SIGKILL', durationMs: 0.4 }, [], undefined, 'ended by SIGKILL after 0 ms; it wrote nothing'],
    [{ durationMs: 7 }, [], undefined, 'ended unseen after 7 ms'],
    [{ durationMs: 7 }, ['x'], undefined, 'ended unseen after 7 ms; last lines: x'],
    [
      { code: 1, durationMs: 9 },
      ['x'],
      { reason: 'HEARTBEAT_LOST', message: 'no heartbeat' } as const,
      'no heartbeat; exited 1 after 9 ms; last lines: x',
    ],
    [
      { code: 1, durationMs: 9 },
      ['1', '2', '3', '4', '5', '6'],
      undefined,
      'exited 1 after 9 ms; last lines: 2 | 3 | 4 | 5 | 6',
    ],
  ])('of %j with %j and %j', (exit, lines, verdict, expected) => {
    expect(describeExit(exit, lines.map(line), verdict)).toBe(expected);
  });

  test('quotes what speaks of an error, and what follows it, before the last lines of a long trace', () => {
    const trace = Array.from({ length: 9 }, (_, at) => `    at frame ${at}`);
    const text = describeExit({ code: 1, durationMs: 9 }, ['starting', 'TypeError: no fish', ...trace].map(line));
    expect(text).toBe(
      'exited 1 after 9 ms; last lines: TypeError: no fish |     at frame 0 |     at frame 1 |     at frame 2 |     at frame 3',
    );
    const late = describeExit({ code: 1, durationMs: 9 }, [...trace, 'fatal: no water', 'bye'].map(line));
    expect(late).toBe(
      'exited 1 after 9 ms; last lines:     at frame 6 |     at frame 7 |     at frame 8 | fatal: no water | bye',
    );
  });

  test('quotes the last of several errors, and no empty lines', () => {
    const lines = ['error: first', 'error: second', '', ' ', '1', '2', '3', '4', '5'];
    expect(describeExit({ code: 1, durationMs: 9 }, lines.map(line))).toBe(
      'exited 1 after 9 ms; last lines: error: second | 1 | 2 | 3 | 4',
    );
  });

  test('has a bounded length and nothing that moves a terminal', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 1_000 }), { maxLength: 8 }), (lines) => {
        const text = describeExit({ code: 1, durationMs: 1 }, lines.map(line));
        expect(text.length).toBeLessThan(1_700);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
        expect(text).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
      }),
    );
  });
});

describe('the tail of an output', () => {
  test('keeps the last lines', () => {
    const tail = new OutputTail(3);
    for (const text of ['1', '2', '3', '4', '5']) tail.add(line(text));
    expect([0, 1, 3, 9].map((count) => tail.last(count).map(({ text }) => text))).toEqual([
      [],
      ['5'],
      ['3', '4', '5'],
      ['3', '4', '5'],
    ]);
  });

  test('tells whoever follows, until they leave', () => {
    const tail = new OutputTail(1);
    const seen: string[] = [];
    tail.add(line('before'));
    const leave = tail.follow(({ text }) => seen.push(text));
    tail.add(line('1'));
    tail.add(line('2'));
    leave();
    tail.add(line('after'));
    expect(seen).toEqual(['1', '2']);
  });
});
